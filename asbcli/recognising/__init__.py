"""Who and where a text speaks of, however it is spelled: names, addresses, flats, ordinary words."""
