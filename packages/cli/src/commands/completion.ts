import { Argument, type Command } from "commander";
import { candidatesFor } from "../completion/candidates.ts";
import { filesMark, type Shell, shellScripts, shells } from "../completion/shell-scripts.ts";
import type { Out } from "../ports.ts";

export function defineCompletion(program: Command, out: Pick<Out, "write">): void {
  program
    .command("completion")
    .description("commands, flags and names of queries with the Tab key, in bash, zsh or fish")
    .addArgument(new Argument("<SHELL>", "bash, zsh or fish").choices(shells))
    .addHelpText(
      "after",
      '\nExamples:\n  eval "$(spancost completion bash)"      # in ~/.bashrc; with zsh in ~/.zshrc, after compinit' +
        "\n  spancost completion fish > ~/.config/fish/completions/spancost.fish",
    )
    .action((shell: Shell) => {
      out.write(shellScripts[shell]);
    });
  // Asked by those scripts, with a word and what it is on each line.
  program
    .command("complete", { hidden: true })
    .argument("[WORD...]")
    .action((words: readonly string[]) => {
      const { words: found, files } = candidatesFor(program, words);
      for (const { word, about } of found) out.write(`${word}\t${about}\n`);
      if (files) out.write(`${filesMark}\n`);
    });
}
