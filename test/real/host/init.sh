#!/bin/sh
# Process 1 of a test host: prepares its private view of the machine, then lives exactly as long as its stdin is open.
# Arguments: the host's folder, the ordinary user's name and uid. Says "ready" when the host can be used.
set -eu
dir=$1 user=$2 uid=$3

# A /run of its own: /var/run/docker.sock, /run/sshd and the iptables lock are this host's alone.
mount -t tmpfs tmpfs /run
mkdir /run/sshd

# The user exists in here only. '*' is "no password", which sshd does not mistake for a locked account as it does '!'.
grep -v "^$user:" /etc/passwd >"$dir/passwd"
echo "$user:*:$uid:$uid::$dir/home:/bin/sh" >>"$dir/passwd"
grep -v -e "^$user:" -e '^docker:' /etc/group >"$dir/group"
echo "$user:x:$uid:" >>"$dir/group"
echo "docker:x:$((uid + 1)):$user" >>"$dir/group"
chown "$uid:$uid" "$dir/home"
mount --bind "$dir/passwd" /etc/passwd
mount --bind "$dir/group" /etc/group

ip link set lo up

# `wait` reaps every orphan of the namespace; when the test runner ends, however it ends, stdin closes, this
# process returns, and the kernel kills all that is left in the namespace.
exec 3<&0
cat <&3 >/dev/null &
echo ready
wait $!
