#!/usr/bin/env zsh
# What zsh offers at the end of each line, as one line of words each. Usage:
# zsh_offers.zsh FOLDER_OF_THE_SCRIPT LINE...
# A zsh on a pseudo-terminal gets each line and a Tab; its compadd notes the matches in a file.
emulate -R zsh
zmodload zsh/zpty zsh/zselect
folder=$(mktemp -d) script_folder=$1
trap 'zpty -d shell 2>/dev/null; rm -rf $folder' EXIT
shift

cat >$folder/setup <<SETUP
PROMPT= RPROMPT= LISTMAX=10000
unsetopt autolist automenu beep
fpath=(${(q)script_folder} \$fpath)
autoload -Uz compinit && compinit -u -D
compadd() {
  if [[ \${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
    local -a hits
    builtin compadd -A hits "\$@"
    (( \$#hits )) && print -rl -- \$hits >>$folder/hits
  fi
  builtin compadd "\$@"
}
ended() { touch $folder/ended }
comppostfuncs=(ended)
touch $folder/ended
SETUP

# wait_for_end: at most ten seconds; the terminal is read so that it never fills.
wait_for_end() {
  local piece i
  for ((i = 0; i < 1000; i++)); do
    while zpty -rt shell piece; do :; done
    [[ -e $folder/ended ]] && break
    zselect -t 1
  done
  [[ -e $folder/ended ]] || { print -u2 "zsh did not answer"; exit 1 }
  rm $folder/ended
}

zpty -b shell zsh -f -i
zpty -w shell "source $folder/setup"
wait_for_end
for line in "$@"; do
  rm -f $folder/hits
  zpty -wn shell $'\x15'"comppostfuncs=(ended)"$'\n\x15'$line$'\t'
  wait_for_end
  if [[ -e $folder/hits ]]; then print -r -- ${(f)"$(<$folder/hits)"}; else print; fi
done
