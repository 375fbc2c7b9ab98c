# Under systemd standard output is the journal, and gets the checker's.
DRACUT_SYSTEMD=1
. /test/pre-pivot.sh
#= grep -q "^checker's own words$" stdout
