/** fish waits for its preexec event and offers no way to keep the line from running: nothing is asked then. */
export const fishHook = `# savepoint: a snapshot before a typed command that would destroy data.
if status is-interactive; and not set -q _savepoint_hook
set -g _savepoint_hook 1
set -g _savepoint_pattern '@PATTERN@'

function _savepoint_maybe
    set -l plain (string replace -a '>/dev/null' '' -- "$argv[1]" | string replace -a '2>&1' '' | string collect)
    string match -qr -- $_savepoint_pattern "$plain"; and return 0
    set -l first (string split -m 1 ' ' -- (string trim -- "$argv[1]"))[1]
    set -l dir $PWD
    while true
        if test -f $dir/savepoint.json
            string match -q -- "*\\"$first*" (string collect <$dir/savepoint.json)
            return
        end
        test -z "$dir"; and return 1
        set dir (string replace -r '/[^/]*$' '' -- $dir)
    end
end

function _savepoint_preexec --on-event fish_preexec
    _savepoint_maybe "$argv[1]"; or return 0
    set -l _savepoint_values
    for _savepoint_name in (string match -ra -- '\\$[A-Za-z_][A-Za-z0-9_]*' "$argv[1]" | string sub -s 2)
        set -q $_savepoint_name; and set -a _savepoint_values "$_savepoint_name=$$_savepoint_name"
    end
    SAVEPOINT_VARIABLES=(string join \\n -- $_savepoint_values | string collect) @PROGRAM@ guard --shell fish --no-stop --line (string sub -l 70000 -- "$argv[1]" | string collect) </dev/null >/dev/null
    if contains $status 126 127
        echo 'savepoint: NOT saved: the program is gone; a new shell finds it. Running it unprotected.' >&2
    end
end
end
`;
