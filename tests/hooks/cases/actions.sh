# What is done after which verdict.
a=rd.bootready.action f=rd.bootready.onfail u=rd.bootready.onunknown
# The last resort, where the kernel has it.
o='' b=''
[ ! -e /proc/sysrq-trigger ] || o='o;' b='b;'

for status in 0 1 2 70 die; do boots '' $status 'goes on;'; done

for status in 0 1 2 70 die; do
  boots $a=poweroff $status 'poweroff -f -f;'$o
  boots $a=reboot $status 'reboot -f -f;'$b
  boots $a=halt $status 'halt -f -f;'
  boots $a=continue $status 'goes on;'
done

boots $f=poweroff 0 'goes on;'
boots $f=poweroff 1 'poweroff -f -f;'$o
boots $f=poweroff 2 'goes on;'
boots $f=shell 1 'shell systemd=no;goes on;'
boots "$f=shell rd.shell=0" 1 'goes on;'
boots "$a=poweroff $f=continue" 1 'goes on;'
boots "$a=poweroff $f=continue" 0 'poweroff -f -f;'$o
boots $u=halt 1 'goes on;'
for status in 2 64 70 die; do boots $u=halt $status 'halt -f -f;'; done
boots "$a=halt $u=continue" 2 'goes on;'

# Under systemd pid 1 is asked first; if it has not ended the machine after a while, as without it.
mkdir -p /run/systemd/system
export DRACUT_SYSTEMD=1
boots $a=poweroff 0 'systemctl --no-block --force poweroff;'
boots $f=shell 1 'shell systemd=no;goes on;'
mkdir -p /usr/lib/systemd/system
: > /usr/lib/systemd/system/dracut-emergency.service
boots $f=shell 1 'shell systemd=1;goes on;'
rm -r /usr/lib/systemd
#= [ ! -e wrong ] || { cat wrong; false; }
