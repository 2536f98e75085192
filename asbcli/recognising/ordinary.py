"""Words of any letter that are somebody's name too, or a street's: alone, or without a capital, they say nothing."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(text.split())


MONTHS = words("""
    january february march april may june july august september october november december jan feb mar apr jun
    jul aug sep sept oct nov dec
""")

# After a number these make it an amount, a time or a day, and no house's.
COUNTED = MONTHS | words("""
    day days week weeks month months hour hours year years minute minutes second seconds people persons times
    time calls visits nights night mornings occasions am pm oclock o metres yards miles mm cm percent pounds
    pence
""")

# What a name as it was typed says beside the name: `Mr and Mrs Wilk`, `the son of the tenant`.
JOINING = words("""
    and the a an her his their my our son sons daughter daughters child children baby boy girl kid kids mother
    father mum dad parent parents brother sister aunt uncle cousin gran granny grandmother grandfather grandson
    family wife husband partner boyfriend girlfriend ex friend friends guest visitor neighbour neighbours
    neighbor tenant tenants resident residents owner occupier householder lodger witness complainant victim
    perpetrator reporter caller man woman men women male female person people lady gentleman adult elderly young
    old other others another anonymous unknown none not nobody somebody someone unnamed name known given aka
    alias formerly nee born called also of at in on from with next door above below upstairs downstairs opposite
    or to no for by jnr snr junior senior two three new former current late
""")
# Within a name these say nothing; at its end they are the surname.
PARTICLES = words("van der den de la le du di da von bin ibn bint al el mac nic")

# Before a name in an address: whose door is meant.
BESIDE = words("above below opposite beside behind near by with to under over and of mr mrs ms miss mx dr")

# One of these makes a name that of a body, which is known by the whole of it alone: Police Scotland, Close Cleaner.
BODIES = words("""
    police council association cleaner cleaners work works team teams department dept services service society
    trust aid centre center office school nursery hospital surgery housing nhs ambulance ltd limited plc llp
    company factor factors concierge university college pub hotel charity fire brigade rescue support landlord
    caretaker committee project group agency scotland scottish government authority board partnership
    cooperative embassy shelter refuge hostel social environmental health library gp clinic tribunal procurator
    fiscal security wardens
""")

ADDRESSED = frozenset(("mr", "mrs", "ms", "miss", "mx", "dr"))  # titles that are no surname
TITLES = ("mr", "mrs", "ms", "miss", "mx", "dr", "master", "sir", "lady", "lord", "rev", "reverend", "prof", "cllr")

# Given names that are words too: no letter begins a sentence with one, but for the name.
GIVEN = words("""
    ace amber angel art bill christian daisy dale dawn dean drew duke earl eve faith frank ginger glen grace
    grant guy hazel heather holly hope iris ivy jade joy lily mark max melody mercy miles olive pat pearl penny
    poppy ray rob robin rose ruby sue victor violet
""")

# Other words that are names too, mostly surnames; a sentence may begin with one.
ORDINARY = MONTHS | JOINING | PARTICLES | BODIES | words("""
    able about after again all along am any are as ash ask asked away back bailey baker ball bank banks bar
    barber bark barn bass battle be beach bean bear beck behaviour bell bells bench berry best better bills bird
    birds bishop black blue blunt bold bond bone book booth both bow bowl box brand brave bread bridge bright
    broad brook brooks brown buck bull burn burns bush but butcher butler buy call came can cane cannon car care
    carpenter carter case cash castle cat chance change chase church city clay clean clear clerk cliff close
    closed coal coat cold cole come comfort constant cook cool cooper corn corner costs cotton could court
    courts cove cover cox craft crane cream cross crown cup curry cut dance dark date day days deal dear do dock
    does dog done down drake drive drum drummer duck during each early east easy end ends english even evening
    ever every fair fairs fall far farm farmer field fields finch fine first fish fisher flat fleet flint flood
    floor flower flowers foot ford forest forth found fountain fox free freeman french frost fry full fuller
    games garden gardener gardens gate gates gay general get gift give glass go gold golden good goods grand
    grange grants grass grave graves gray great green grey ground grove guard had hale half hall halls ham hand
    handled hands happy hard hardy harm has have hawk hay he head heath heaven hedges here hero hers high hill
    hills him hold holder holiday home honey hood hopes horn horse host hot hour house how hunt hunter i ice if
    inn is it its jet job jolly judge just keen keep kind king kings kirk kite knight knock know lack lake lamb
    land lane large lark last latter law lawn laws leaf league left less let letter level light like lion list
    little live lock lodge long look lord loud love low lower mace made magic mail main major make makes manor
    many maple marble market marks marsh marshal mason master mayor me mead meadow meadows mean meeting mercer
    merry met mill miller mills mine mint miss mist monday money monk moody moon moor more morning most mount
    mountain move much must near need nice night nights noble noise north note now oak oaks off once one only
    opal open orange order out over own pace page pages pain painter pale palm paper park parks part past path
    patience pay peace peach peacock pepper pike pine piper place plan plant play poem point pond pool pope
    porch port porter post pot potter potts pound power pray press price pride priest prince prior proud purple
    put queen quick quiet rain ran read ready real red rent report rest rice rich riches ride right ring rise
    river rivers road roads rock roses round row rule rush rust sage said sail sale salt sand sands saturday
    savage saw say sea season see self send set shade shall sharp she shepherd ship short shot show side silver
    simple since singer sir skinner small smart snow so some song south spark speak speed spring square stable
    star stark start state station stay steel step still stock stone stones stop storm street strong style such
    summer summers sun sunday sure swan sweet swift tailor tall tan tanner tell temple than thank thanks that
    them then there they thin thing think this thistle thorn those time today told too top tower town train tree
    true try turn turner under union up us use vale very via view visit wade wait walk walker wall walls want
    ward wards warm warn was wash watch water waters way we weeks well wells went were west wheeler when while
    white who why wild will wills win winter winters wise wish wolf wood woods word worth would wright write
    year yes york you young your yours
""")
