namespace Decant.Tests.Runs.Resuming;

/// <summary>Short runs in which everything that a checkpoint must hold decides the result.</summary>
internal static class KillRecipes
{
    /// <summary>Ragged texts with tokens left out, dropout, AdamW and momentum, accumulation, plateau and early stopping, warm-up, a checkpoint at every step.</summary>
    public const string Text = """
        name: killed
        seed: 3
        threads: 1
        data:
          train: { kind: csv, file: train.csv }
          test: { kind: csv, file: test.csv }
          split: { validation: 0.2 }
          student-labels: 60
        input:
          kind: text
          tokenizer: { kind: wordpiece, vocabulary: 300 }
          max-tokens: 12
        teacher:
          model: { kind: encoder, layers: 1, hidden: 16, heads: 2, dropout: 0.1 }
          train:
            epochs: 4
            batch: 8
            accumulate: 2
            optimizer: { kind: adamw, learning-rate: 5e-3 }
            schedule: { kind: plateau, patience: 0, warm-up: 0.1 }
            early-stopping: { patience: 2 }
            augment: { token-dropout: 0.1 }
        student:
          model: { kind: textcnn, embedding: 8, filters: 4, dropout: 0.2 }
        distill:
          epochs: 4
          batch: 8
          accumulate: 2
          optimizer: { kind: sgd, learning-rate: 0.05, momentum: 0.9 }
          schedule: { kind: plateau, patience: 0 }
          early-stopping: { patience: 2, metric: nll }
          augment: { token-dropout: 0.1 }
          clip-norm: 1
          warm-up: { epochs: 1 }
          objectives:
            - { kind: soft-targets, temperature: 2, weight: 0.7 }
            - { kind: labels, weight: 0.3 }
        checkpoints: { every-steps: 1 }
        evaluate: { bootstrap: 100, latency-runs: 0 }
        """;

    /// <summary>The same, the student's texts as they are: its teacher is asked about all of them before it begins, and again when a run goes on.</summary>
    public static string Remembered { get; } = WithoutAugmentation(Text);

    /// <summary>Images that are shifted and flipped, batch norm, RMSprop with momentum and Adam, cosine, no validation.</summary>
    public const string Image = """
        name: killed-images
        seeds: [5, 6]
        threads: 1
        data:
          train: { kind: idx, images: train-images, labels: train-labels }
          test: { kind: idx, images: test-images, labels: test-labels }
        input: { kind: image }
        teacher:
          model: { kind: resnet, depth: 8, stem: 4 }
          train:
            epochs: 2
            batch: 20
            optimizer: { kind: rmsprop, learning-rate: 1e-3, momentum: 0.9 }
            schedule: { kind: cosine, warm-up: 0.1 }
            augment: { shift: 1 }
        student:
          model: { kind: mlp, hidden: [8], dropout: 0.2 }
        distill:
          steps: 15
          batch: 20
          accumulate: 2
          optimizer: { kind: adam, learning-rate: 5e-3 }
          schedule: { kind: cosine }
          augment: { shift: 1, flip: true }
          objectives:
            - { kind: soft-targets, temperature: 4 }
        checkpoints: { every-steps: 2, keep: 3 }
        evaluate: { bootstrap: 100, latency-runs: 0 }
        """;

    /// <summary>An assistant, two generations, and each of them in three stages with parts, data, optimizers and lengths of their own; a checkpoint at every step.</summary>
    public const string Stages = """
        name: killed-stages
        seed: 3
        threads: 1
        data:
          train: { kind: csv, file: train.csv }
          test: { kind: csv, file: test.csv }
          split: { validation: 0.2 }
          student-labels: 60
        input:
          kind: text
          tokenizer: { kind: wordpiece, vocabulary: 300 }
          max-tokens: 12
        teacher:
          model: { kind: encoder, layers: 2, hidden: 16, heads: 2 }
          train: { epochs: 1, batch: 16, optimizer: { kind: adamw, learning-rate: 5e-3 } }
        assistants:
          - from-teacher: { layers: 1 }
        student:
          model: { kind: textcnn, embedding: 8, filters: 4, dropout: 0.2 }
          generations: 2
        distill:
          batch: 16
          optimizer: { kind: adamw, learning-rate: 5e-3 }
          stages:
            - name: imitation
              steps: 5
              objectives: [{ kind: logits-mse }]
            - name: wide
              steps: 4
              batch: 8
              accumulate: 2
              transfer-set: { data: { kind: csv, file: more.csv, label: null } }
              augment: { token-dropout: 0.1 }
              optimizer: { kind: sgd, learning-rate: 0.05, momentum: 0.9 }
              objectives: [{ kind: soft-targets, temperature: 2 }]
            - name: head
              epochs: 1
              train: [classifier]
              objectives:
                - { kind: soft-targets, temperature: 2, weight: 0.7 }
                - { kind: labels, weight: 0.3 }
        checkpoints: { every-steps: 1 }
        evaluate: { bootstrap: 100, latency-runs: 0 }
        """;

    /// <summary>Two tasks in one student: turns that change from epoch to epoch, updates of two batches, heads that are not always touched.</summary>
    public const string Tasks = """
        name: killed-tasks
        seed: 4
        threads: 1
        tasks:
          - name: all
            data:
              train: { kind: csv, file: train.csv }
              test: { kind: csv, file: test.csv }
              split: { validation: 0.2 }
            teacher: &teacher
              model: { kind: encoder, layers: 1, hidden: 16, heads: 2, dropout: 0.1 }
              train: { epochs: 1, batch: 16, optimizer: { kind: adamw, learning-rate: 5e-3 } }
            objectives: [ { kind: soft-targets } ]
          - name: few
            data:
              train: { kind: csv, file: test.csv }
              test: { kind: csv, file: train.csv }
              split: { validation: 0.2 }
            teacher: *teacher
            objectives: [ { kind: soft-targets, weight: 0.5 }, { kind: labels, weight: 0.5 } ]
            weight: 0.5
        input:
          kind: text
          tokenizer: { kind: wordpiece, vocabulary: 300 }
          max-tokens: 12
        student:
          model: { kind: textcnn, embedding: 8, filters: 4, dropout: 0.2 }
        distill:
          epochs: 3
          batch: 8
          accumulate: 2
          optimizer: { kind: adamw, learning-rate: 5e-3 }
          schedule: { kind: plateau, patience: 0 }
          early-stopping: { patience: 2 }
          clip-norm: 1
          task-sampling: annealed
        checkpoints: { every-steps: 1 }
        evaluate: { bootstrap: 100, latency-runs: 0 }
        """;

    /// <summary>A student with dropout that writes its texts, more and more of them, some of them twice; the teacher writes others, and a stage before writes none.</summary>
    public const string Written = """
        name: killed-written
        task: causal-lm
        seed: 3
        threads: 1
        data:
          train: { kind: jsonl, file: words.jsonl, prompt: prompt, completion: completion }
          test: { kind: jsonl, file: more-words.jsonl, prompt: prompt, completion: completion }
          split: { validation: 10 }
        input:
          kind: text
          tokenizer: { kind: byte-bpe, vocabulary: 300 }
          max-tokens: 24
        teacher:
          model: { kind: gpt2, layers: 1, hidden: 16, heads: 2, dropout: 0.1 }
          train: { epochs: 1, batch: 8, optimizer: { kind: adamw, learning-rate: 5e-3 } }
        student:
          model: { kind: gpt2, layers: 1, hidden: 8, heads: 2, dropout: 0.2 }
        distill:
          batch: 8
          accumulate: 2
          clip-norm: 1
          optimizer: { kind: adamw, learning-rate: 5e-3 }
          stages:
            - name: imitation
              steps: 3
              objectives: [{ kind: soft-targets, temperature: 1 }]
            - name: on-policy
              steps: 12
              rollouts: { student: { kind: linear, from: 0.4, to: 0.9 }, teacher: 0.1, max-new-tokens: 8, teacher-mix: 0.2, replay: { share: 0.4, batches: 4 } }
              objectives:
                - { kind: on-policy, granularity: sampled, future: 1, center: true, importance: token, importance-clip: 3 }
                - { kind: labels, weight: 0.2 }
        checkpoints: { every-steps: 1 }
        evaluate: { bootstrap: 100, latency-runs: 0 }
        """;

    private static string WithoutAugmentation(string recipe)
    {
        const string Line = "  augment: { token-dropout: 0.1 }\n";
        var at = recipe.IndexOf("distill:", StringComparison.Ordinal);
        at = recipe.IndexOf(Line, at, StringComparison.Ordinal);
        return at < 0 ? throw new InvalidOperationException("The recipe has no augmentation to leave out.") : recipe.Remove(at, Line.Length);
    }
}
