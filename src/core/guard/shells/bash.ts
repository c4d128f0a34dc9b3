/**
 * PS0 is expanded after a line was read and before it runs, in a subshell that the shell waits for:
 * nothing else of the user's shell is touched, and the history has the line as it was typed. A line that
 * the history leaves out (HISTCONTROL, HISTIGNORE, no history at all, or the same line twice) is seen by
 * a DEBUG trap, one command after the other, in functions and subshells too; the user's own trap runs as
 * before. It stands from the prompt until a line is known. What it cannot see is the redirection of a
 * group. Where neither of the two can see the line, it counts as one that may destroy.
 */
export const bashHook = `# savepoint: a snapshot before a typed command that would destroy data.
if [[ $- == *i* && -z \${_savepoint_hook-} ]]; then
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)); then
  echo "savepoint: bash $BASH_VERSION is not guarded here; use savepoint run -- COMMAND" >&2
else
_savepoint_hook=1 _savepoint_at= _savepoint_newest= _savepoint_may_miss= _savepoint_runs=1 _savepoint_fresh=1 _savepoint_alone= _savepoint_asked=0 _savepoint_seen= _savepoint_offset=0 _savepoint_next=
_savepoint_store=@STORE@/watched _savepoint_watch= _savepoint_turn=0 _savepoint_code=0 _savepoint_answer=
_savepoint_armed= _savepoint_replaced=0 _savepoint_moved=0 _savepoint_told=
_savepoint_user_trap= _savepoint_traced= _savepoint_status=0 _savepoint_last= _savepoint_number='\\!'
declare -gA _savepoint_words _savepoint_harmless _savepoint_quiet
for _savepoint_word in @WORDS@; do _savepoint_words[\${_savepoint_word%%=*}]==\${_savepoint_word#*=}; done
for _savepoint_word in @QUIET@; do _savepoint_quiet[$_savepoint_word]=1; done
unset _savepoint_word

# What is watched of the project that this folder is in; 1 where nothing is.
_savepoint_find_watch() {
  local dir=$PWD
  while :; do
    _savepoint_watch=$_savepoint_store/\${dir//\\//%}
    [[ -f $_savepoint_watch ]] && return 0
    [[ -z $dir ]] && break
    dir=\${dir%/*}
  done
  _savepoint_watch=
  return 1
}

# 1 where each command of the line is known to be harmless.
_savepoint_maybe() {
  # Nobody types so much: looking through it here would take longer than asking.
  ((\${#1} > 8000)) && return 0
  local - IFS=$' \\t\\n' plain=\${1//>\\/dev\\/null/} dir=$PWD text= first word program kind state=start
  set -f
  plain=\${plain//2>&1/}
  read -r first _ <<<"$1"
  [[ -n $first && -n \${BASH_ALIASES[$first]-} ]] && plain="\${BASH_ALIASES[$first]} ; $plain"
  [[ $plain == *['>\`']* ]] && return 0
  plain=\${plain//[\\'\\"\\\\]/}
  plain=\${plain//[\\;\\&\\|\\(\\)$'\\n']/ ; }
  for word in $plain \\;; do
    case $state:$word in
      program:\\;) return 0 ;;
      *:\\;) state=start ;;
      start:[@*] | start:\\$*) return 0 ;;
      start:if | start:then | start:elif | start:else | start:do | start:while | start:until | start:time) ;;
      start:! | start:fi | start:done | start:esac | start:[{}] | start:[A-Za-z_]*=*) ;;
      start:for | start:case | start:select | start:function) state=known ;;
      start:*)
        program=$word kind=\${_savepoint_words[$word]-}
        case $kind in '') state=program ;; '=') state=known ;; *) state=options ;; esac
        ;;
      program:*) [[ -n \${_savepoint_words[$program $word]-} ]] || return 0; state=known ;;
      options:-*) [[ $word == *["\${kind#=}"]* ]] && return 0 ;;
      options:*) [[ $kind == '=0' || $word == +* ]] && return 0 ;;
    esac
  done
  # Programs that changed data before.
  if _savepoint_find_watch && read -r text <"$_savepoint_watch" && [[ -n $text ]]; then
    for word in $plain; do [[ " $text " == *" $word "* ]] && return 0; done
  fi
  while :; do
    if [[ -f $dir/savepoint.json ]]; then
      IFS= read -r -d '' text <"$dir/savepoint.json"
      [[ $text == *"\\"$first"* ]]
      return
    fi
    [[ -z $dir ]] && return 1
    dir=\${dir%/*}
  done
}

# The program, in a subshell, with the values of the variables that the line names.
_savepoint_ask() {
  local _savepoint_rest=$1 _savepoint_values= _savepoint_name _savepoint_value
  while ((\${#1} < 8000)) && [[ $_savepoint_rest =~ \\$\\{?([A-Za-z_][A-Za-z0-9_]*) ]]; do
    _savepoint_name=\${BASH_REMATCH[1]}
    _savepoint_rest=\${_savepoint_rest#*"\${BASH_REMATCH[0]}"}
    [[ -n \${!_savepoint_name+set} ]] || continue
    _savepoint_value=\${!_savepoint_name}
    [[ $_savepoint_value == *$'\\n'* ]] || ((\${#_savepoint_values} + \${#_savepoint_value} > 8000)) ||
      _savepoint_values+=$_savepoint_name=$_savepoint_value$'\\n'
  done
  SAVEPOINT_VARIABLES=$_savepoint_values @PROGRAM@ guard --shell bash "\${@:2}" --line "\${1:0:70000}" </dev/null
}

# 1 where a snapshot was taken: then nothing of this line has to be asked any more.
_savepoint_check() {
  local REPLY line=$1 first
  read -r first _ <<<"$1"
  [[ -n $first && -n \${BASH_ALIASES[$first]-} ]] && line=\${line/"$first"/"\${BASH_ALIASES[$first]}"}
  REPLY=$(_savepoint_ask "$line" "\${@:2}")
  case $? in
    3 | 130)
      kill -INT $$
      ((BASH_SUBSHELL > 0)) && kill -INT "$BASHPID"
      ;;
    126 | 127) echo 'savepoint: NOT saved: the program is gone; a new shell finds it. Running it unprotected.' >&2 ;;
  esac
  _savepoint_answer=$REPLY
  [[ $REPLY != *saved* ]]
}

# The newest $1 lines of the history, as one line is where it keeps several; the numbers before them and
# their marks go, spaces that were typed stay.
_savepoint_lines() {
  local all next lines=$(($1)) mark=$'\\1'
  all=$(HISTTIMEFORMAT=$mark builtin history "$((lines > 0 && lines < 1000 ? lines : 1))")
  REPLY=\${all#*"$mark"}
  while [[ $REPLY == *"$mark"* ]]; do
    next=\${REPLY#*"$mark"} REPLY=\${REPLY%%"$mark"*}
    REPLY=\${REPLY%$'\\n'*}$'\\n'$next
  done
}

# The newest line of the history: its text tells where its number does not, with erasedups and at the start.
_savepoint_newest_line() {
  REPLY=
  [[ \${HISTCONTROL-} != *erasedups* && $_savepoint_at != 1 ]] || REPLY=$(HISTTIMEFORMAT= builtin history 1)
}

# True where the history has the line that runs now.
_savepoint_is_known() {
  local REPLY
  [[ -o history && \${HISTSIZE-1} != 0 ]] || return 1
  [[ -n $_savepoint_may_miss && \${_savepoint_number@P} == "$_savepoint_at" ]] || return 0
  _savepoint_newest_line
  [[ $REPLY != "$_savepoint_newest" ]]
}

# What it says must not end in a pipe or a file of the line.
_savepoint_check_on_terminal() {
  if { : >/dev/tty; } 2>/dev/null; then _savepoint_check "$@" 2>/dev/tty
  else _savepoint_check "$@"; fi
}

_savepoint_known() {
  local REPLY
  _savepoint_lines "$1"
  _savepoint_answer=
  _savepoint_maybe "$REPLY" && _savepoint_check "$REPLY"
  [[ $_savepoint_answer == saved ]] || _savepoint_begin "$REPLY"
}

# A file that is as old as the beginning of the line, with the line in it: this may be a subshell.
_savepoint_begin() {
  local first line=$1
  read -r first _ <<<"$1"
  [[ -n $first && \${#line} -le 8000 ]] && _savepoint_find_watch || return 0
  [[ -n \${_savepoint_quiet[$first]-} && $line != *[';&|$\`'$'\\n']* ]] && return 0
  [[ -n \${BASH_ALIASES[$first]-} ]] && line=\${line/"$first"/"\${BASH_ALIASES[$first]}"}
  { printf '%s\\n' "$_savepoint_watch" "$PWD" "$line" >|"$_savepoint_store/.since-$$-$_savepoint_turn"; } 2>/dev/null
}

# After a line: where something of the data is newer than its beginning, the program looks what it was.
_savepoint_after() {
  local watch place line item paths stamp=$_savepoint_store/.since-$$-$_savepoint_turn
  [[ -s $stamp ]] || return 0
  _savepoint_turn=$(((_savepoint_turn + 1) % 8))
  # Whoever looks has the file of one of the lines before still.
  [[ ! -s $_savepoint_store/.since-$$-$_savepoint_turn ]] || : >|"$_savepoint_store/.since-$$-$_savepoint_turn"
  { IFS= read -r watch && IFS= read -r place && IFS= read -r -d '' line; } <"$stamp"
  [[ -f $watch ]] || return 0
  mapfile -t -s 2 paths <"$watch"
  for item in "\${paths[@]}"; do
    [[ $item -nt $stamp ]] || continue
    (@PROGRAM@ guard --shell bash --in "$place" --line "\${line%$'\\n'}" --since "$stamp" --status "$1" </dev/null >/dev/null 2>&1 &)
    return 0
  done
}

_savepoint_before() {
  local lines=1
  if ((_savepoint_fresh < 1)); then
    ((_savepoint_fresh < 0)) ||
      echo 'savepoint: PROMPT_COMMAND was replaced after shell-init: lines that are not in the history are not guarded here.' >&2
    _savepoint_may_miss=
  fi
  if _savepoint_is_known; then
    ((_savepoint_fresh < 1)) || lines=HISTCMD-\${_savepoint_next:-0}
    _savepoint_known "$lines"
  fi
}

# 1 where nothing is to be seen any more, so that the user's own trap can have its place again.
_savepoint_debug() {
  _savepoint_status=$1 _savepoint_last=$2
  [[ -n $_savepoint_runs && -z \${COMP_LINE-}\${READLINE_LINE-} && $BASH_COMMAND != _savepoint_* ]] || return 0
  local line=$BASH_COMMAND
  # What feeds xargs were the commands before it.
  case $line in
    xargs* | parallel*) line=$_savepoint_seen$line ;;
    cd* | pushd* | popd*) ;;
    *) ((\${#_savepoint_seen} > 2000)) || _savepoint_seen+="$line | " ;;
  esac
  # What others do at the prompt is part of no line; bash 4 does not tell the two apart.
  ((BASH_VERSINFO[0] < 5 || HISTCMD - \${_savepoint_number@P} < _savepoint_offset)) || return 1
  [[ -z \${_savepoint_harmless[$line]-} ]] || return 0
  if _savepoint_is_known; then
    [[ -z $_savepoint_alone ]] || _savepoint_known "HISTCMD-_savepoint_next+(BASH_VERSINFO[0]>4)"
    return 1
  fi
  if ! _savepoint_maybe "$line"; then
    _savepoint_harmless[$line]=1
    return 0
  fi
  # In a loop it is not asked for ever.
  if ((_savepoint_asked++ < 4)); then _savepoint_check_on_terminal "$line"
  else
    _savepoint_check_on_terminal "$line" --unseen
    return 1
  fi
}

_savepoint_status() { return "$_savepoint_status"; }

# In a function a DEBUG trap is neither seen nor kept: the prompt itself reads and sets it. Without us the
# user's trap would not be called in functions, subshells and sourced files.
_savepoint_trap='_savepoint_debug "$?" "$_" || {
  _savepoint_armed=
  if [[ -n $_savepoint_user_trap && ( -n $_savepoint_traced || $BASH_SUBSHELL == 0 ) ]]; then trap -- "$_savepoint_user_trap" DEBUG; else trap - DEBUG; fi
  [[ -n $_savepoint_traced ]] || set +T
}
if [[ -n $_savepoint_user_trap && ( -n $_savepoint_traced || $BASH_SUBSHELL.\${#BASH_SOURCE[@]} == 0.0 ) ]]; then
  _savepoint_status
  eval "$_savepoint_user_trap"
fi
: "$_savepoint_last"'

# Others may set traps at the prompt: it is the last one to do so.
_savepoint_is_last() {
  local index
  [[ \${PROMPT_COMMAND[-1]-} == *"$_savepoint_at_prompt" ]] && return 0
  ((_savepoint_moved++ < 3)) || return 0
  for index in "\${!PROMPT_COMMAND[@]}"; do
    [[ \${PROMPT_COMMAND[index]} == *"$_savepoint_at_prompt"* ]] || continue
    PROMPT_COMMAND[index]=\${PROMPT_COMMAND[index]/"$_savepoint_at_prompt"/:}
    if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501)); then PROMPT_COMMAND+=("$_savepoint_at_prompt")
    else PROMPT_COMMAND+=$'\\n'$_savepoint_at_prompt; fi
    return 1
  done
}

# $1: the traps of DEBUG and RETURN. True where the trap of DEBUG can be ours.
_savepoint_can_arm() {
  local words=()
  [[ $1 != *'trap -- '* ]] || eval "words=(trap -- \${1#*trap -- })"
  if [[ \${words[2]-} != "$_savepoint_trap" ]]; then
    [[ -z $_savepoint_armed ]] || { set +T; ((_savepoint_replaced++)); }
    _savepoint_user_trap=\${words[2]-} _savepoint_traced=
    [[ ! -o functrace ]] || _savepoint_traced=1
  fi
  # With extdebug a trap decides what runs; that of RETURN would be called in all functions.
  [[ $1 != *' RETURN' && $_savepoint_replaced -lt 2 ]] && ! shopt -q extdebug
}

# 0 where lines may be left out of the history.
_savepoint_prompt() {
  local REPLY
  _savepoint_fresh=1 _savepoint_alone= _savepoint_at=\${_savepoint_number@P} _savepoint_next=$HISTCMD
  _savepoint_offset=$((HISTCMD - \${_savepoint_number@P}))
  _savepoint_newest= _savepoint_may_miss= _savepoint_asked=0 _savepoint_seen= _savepoint_harmless=()
  PS0=\${PS0-}
  if ! shopt -q promptvars; then
    PS0=\${PS0//"$_savepoint_ps0"/} _savepoint_alone=1
  elif [[ $PS0 != *"$_savepoint_ps0"* ]]; then PS0+=$_savepoint_ps0; fi
  [[ \${HISTCONTROL-} == *ignorespace* || \${HISTCONTROL-} == *ignoreboth* || -n \${HISTIGNORE-} || ! -o history || \${HISTSIZE-1} == 0 || -n $_savepoint_alone ]] || return 1
  _savepoint_is_last || return 1
  if ! _savepoint_can_arm "$1"; then
    [[ -n $_savepoint_told ]] ||
      echo 'savepoint: another program uses the traps of this shell: lines that are not in the history are not guarded here.' >&2
    _savepoint_told=1
    return 1
  fi
  _savepoint_may_miss=1 _savepoint_runs=$_savepoint_alone _savepoint_armed=1
  _savepoint_newest_line
  _savepoint_newest=$REPLY
  set -T
}

_savepoint_at_prompt='_savepoint_code=$? _savepoint_runs=
_savepoint_after "$_savepoint_code"
_savepoint_prompt "$(trap -p DEBUG RETURN)" && trap -- "$_savepoint_trap" DEBUG'
_savepoint_ps0='$(_savepoint_before)\${_savepoint_none[_savepoint_runs=1,_savepoint_fresh--,0]-}'
PS0=\${PS0-}$_savepoint_ps0
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501)); then
  PROMPT_COMMAND+=("$_savepoint_at_prompt")
else
  PROMPT_COMMAND="\${PROMPT_COMMAND:+$PROMPT_COMMAND
}$_savepoint_at_prompt"
fi
fi
fi
`;
