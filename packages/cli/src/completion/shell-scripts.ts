/** The shells that words can be completed in. */
export const shells = ["bash", "zsh", "fish"] as const;

export type Shell = (typeof shells)[number];

/** Stands in a line of its own where names of files are welcome. */
export const filesMark = ":files";

/** What each shell runs: it asks the command itself, so that a script never grows old. */
export const shellScripts: Readonly<Record<Shell, string>> = {
  bash: `# spancost: words in bash. In ~/.bashrc: eval "$(spancost completion bash)"
_spancost() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = "${filesMark}" ]; then compopt -o default
    else COMPREPLY+=("\${line%%$'\\t'*}"); fi
  done < <("\${COMP_WORDS[0]}" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  case "\${COMPREPLY[0]}" in *=) compopt -o nospace ;; esac
}
complete -F _spancost spancost
`,
  zsh: `#compdef spancost
# spancost: words in zsh. In ~/.zshrc, after compinit: eval "$(spancost completion zsh)"
_spancost() {
  local line files=0
  local -a found
  for line in "\${(@f)$("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ "$line" == "${filesMark}" ]]; then files=1
    elif [[ -n "$line" ]]; then found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}"); fi
  done
  (( \${#found} )) && _describe spancost found
  (( files )) && _files
}
compdef _spancost spancost
`,
  fish: `# spancost: words in fish. Once: spancost completion fish > ~/.config/fish/completions/spancost.fish
function __spancost_words
  set -l words (commandline -opc) (commandline -ct)
  for line in ($words[1] complete -- $words[2..-1] 2>/dev/null)
    if test "$line" = "${filesMark}"
      __fish_complete_path (commandline -ct)
    else
      echo $line
    end
  end
end
complete -c spancost -f -a '(__spancost_words)'
`,
};
