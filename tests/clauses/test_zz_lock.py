import sys; sys.path.insert(0,'/work/main/tests/transcripts')
import time
from replay import run
def test_x(office):
    for c in ["asb open --category noise --definition personal --complainant 'J S' --summary x --received 2025-09-01","asb due --on 2025-09-02","asb answer 1 support-needs no","asb checklist 1","asb answer 1 diary-sheets no", "asb explain 1", "asb answer 1 diary-sheets no", "asb show 1 --on 2025-09-03", "asb answer 1 diary-sheets no"]:
        t=time.time(); r=run(c); print(c, round(time.time()-t,2), r.splitlines()[-1])
