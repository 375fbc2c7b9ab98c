# The rescue image mounts what a root's fstab names, below that root alone: no place leads out of it, however it is
# written, and no link on the way is followed.
. /test/rescue-roots.sh
root=/run/mounts/1
mkdir -p $root/srv $root/etc "$root/with space" $root/a..b /run/mounts/bin
mkdir "$root/bad$(printf '\033[2J')" $root/bad
ln -s /bin $root/link
rescue_device() { br_found=/dev/any; }
rescue_mount() { case $2 in */bad*) return 1 ;; esac; echo "$2" >> /out/places; }
rescue_real() { br_real=$1; }
rescue_problem() { echo "$*" >> /out/problems; }
cat > $root/etc/fstab <<'END'
# comment
UUID=1 / ext4 defaults 0 1
UUID=1 /srv ext4 defaults 0 2
UUID=1 /with\040space ext4 defaults 0 2
UUID=1 /a..b ext4 defaults 0 2
UUID=1 /../bin ext4 defaults 0 2
UUID=1 /srv/.. ext4 defaults 0 2
UUID=1 /\056\056/bin ext4 defaults 0 2
UUID=1 /srv/\056./../bin ext4 defaults 0 2
UUID=1 \057..\057bin ext4 defaults 0 2
UUID=1 /link ext4 defaults 0 2
UUID=1 /gone ext4 defaults 0 2
UUID=1 /bad ext4 defaults 0 2
UUID=1 /bad\033[2J ext4 defaults 0 2
UUID=1 relative ext4 defaults 0 2
END
rescue_mount_below $root
#= [ "$(sort places | paste -sd' ')" = '/run/mounts/1/a..b /run/mounts/1/srv /run/mounts/1/with space' ]
#= [ "$(cat problems)" = "$(printf '/dev/any could not be mounted at %s\n' /bad 'a place in its fstab')" ]
