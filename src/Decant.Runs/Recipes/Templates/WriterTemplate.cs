namespace Decant.Runs.Recipes.Templates;

internal static class WriterTemplate
{
    public static string Write(string name, string source) => $$"""
        # A small language model that writes what a chat model behind an API would: summaries, translations, answers.
        # The rows have what people wrote: the control learns that, and all is measured on it. More prompts, without completions, go into distill.transfer-set.
        # 'decant check' reports all errors of this file and asks nothing; 'decant distill' answers 20 prompts, says what the rest will cost, and asks before it goes on.
        name: {{name}}
        task: causal-lm
        seeds: [1, 2, 3]

        data:
          train: {{source}}
          split: { validation: 0.1, test: 0.2 }   # fractions, or numbers of rows

        input:
          kind: text
          tokenizer: { kind: byte-bpe, vocabulary: 8000 }
          max-tokens: 256                         # prompt and completion together; of longer ones the prompt is cut first

        teacher:
          chat:
        {{ChatLines.Access}}
            write:
              instruction: ""                     # such as: Summarise the text in one sentence. Empty: the prompts are instructions themselves
              samples: 1                          # 4: up to four different texts for each prompt
              max-output-tokens: 200              # a text that is cut off there is not used
              separator: " "                      # between a prompt and what was written of it; have completions begin with it too
              # rationale: {}                     # also asks why, which the student learns as a second task
        {{ChatLines.Budget}}

        student:
          model: { kind: llama, layers: 4, hidden: 128, heads: 4 }

        distill:
          # transfer-set: { data: { kind: csv, file: prompts.csv, text: prompt, label: null } }
          epochs: 6
          batch: 16
          optimizer: { kind: adamw, learning-rate: 1e-3 }
          schedule: { kind: linear, warm-up: 0.1 }
          objectives:
            - { kind: labels }                    # of a chat model's probabilities for whole texts nothing is known

        control: true                             # also train the student on what people wrote, to measure the effect of the teacher

        """;
}
