using Decant.Data;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Objectives.Sequence;
using Decant.Rollouts;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Signals;
using Decant.Teachers.Local;
using Decant.Teachers.Writing;
using Decant.Torch;
using Decant.Training;

namespace Decant.Runs.Planning;

/// <summary>The texts that models write while a student learns, and what is looked at on held-out prompts, as a recipe says.</summary>
internal sealed class ArmRollouts : IDisposable
{
    private const int HeldOutPrompts = 128, PromptsAtOnce = 32;

    private readonly List<Batch> _heldOut = [];
    private readonly RolloutOptions _options;
    private readonly List<double> _losses = [], _norms = [];
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private (RolloutReading Student, RolloutReading? Teacher)? _before;
    private RolloutReading? _now;

    private ArmRollouts(PreparedData data, Arm arm, RolloutOptions options, RolloutModels models)
    {
        _options = options;
        Writing = new StudentRollouts(options, models);
        if (data.Validation is not { } validation || arm.Teacher is not { } teacher)
            return;
        for (var first = 0; first < Math.Min(HeldOutPrompts, validation.Count); first += PromptsAtOnce)
        {
            using var scope = TensorScope.Open();
            _heldOut.Add(data.Collator.Collate([.. Enumerable.Range(first, Math.Min(PromptsAtOnce, Math.Min(HeldOutPrompts, validation.Count) - first)).Select(i => validation[i])], seed: 0, epoch: 0));
        }

        Probe = new RolloutProbe(options, models, teacher, _heldOut);
    }

    /// <summary>Writes the texts that are learned from.</summary>
    public StudentRollouts Writing { get; }

    /// <summary>Looks at texts after held-out prompts; null: there are no validation samples.</summary>
    private RolloutProbe? Probe { get; }

    /// <summary>Looks at the texts before the training.</summary>
    /// <returns>What was found, and what is wrong; empty where there are no held-out prompts.</returns>
    public IReadOnlyList<string> Begin(CancellationToken cancellationToken)
    {
        if (Probe is null)
            return [];
        var (student, teacher) = (Probe.OfStudent(cancellationToken), Probe.OfTeacher(cancellationToken));
        _before = (student, teacher);
        return [RolloutAdvice.Summary(student, teacher), .. RolloutAdvice.Before(student, teacher, _options.MaxNewTokens)];
    }

    /// <summary>Looks at them in a validation.</summary>
    /// <returns>The figures by name; empty where there are no held-out prompts.</returns>
    public IReadOnlyDictionary<string, double> Measure(CancellationToken cancellationToken) => (_now = Probe?.OfStudent(cancellationToken))?.Named() ?? new Dictionary<string, double>();

    /// <summary>Notes an update in which texts were written.</summary>
    public void Updated(double loss, double? norm)
    {
        _losses.Add(loss);
        if (norm is { } known)
            _norms.Add(known);
    }

    /// <summary>What is wrong after a validation and was not said before.</summary>
    public IEnumerable<string> Faults()
    {
        IEnumerable<string> ofTexts = _before is var (first, teacher) && _now is { } now ? RolloutAdvice.During(first, now, teacher) : [];
        return ofTexts.Concat(RolloutAdvice.OfUpdates(_losses, _norms)).Where(fault => _said.Add(string.Concat(fault.Where(char.IsLetter).Take(24))));
    }

    /// <summary>What a recipe says of an arm; null where no texts are written.</summary>
    /// <param name="data">The data of the arm.</param>
    /// <param name="arm">The arm.</param>
    /// <param name="objectives">Its objectives.</param>
    /// <exception cref="DecantException">The student cannot write, or the prompts do not fit.</exception>
    public static ArmRollouts? Of(PreparedData data, Arm arm, IReadOnlyList<WeightedObjective> objectives)
    {
        if (arm.Fit is not DistillSection { Rollouts: { } options })
            return null;
        if (arm.Model is not ICausalModel)
            throw new DecantException($"rollouts: a student of kind '{arm.Model.Kind}' writes no texts; take a causal language model, such as gpt2 or llama.");
        CheckPrompts(arm.Samples, options);
        var tokenizer = data.Tokenizer!;
        var teaching = objectives.Where(o => o.Objective.Needs != SignalKinds.None).ToArray();
        return new(data, arm, options, new RolloutModels
        {
            Student = arm.Model,
            Teacher = (arm.Teacher as LocalTeacher)?.Writer,
            MaxTokens = data.Context.MaxTokens,
            Stops = StopTokens.Of(arm.Model, tokenizer, data.Context.EndTokens),
            Vocabulary = tokenizer.VocabularySize,
            Pad = tokenizer.Special.Pad ?? 0,
            Seed = Seeding.For(arm.Seed, arm.Purpose),
            ScoresSuffice = teaching.Length > 0 && teaching.All(o => o.Objective is OnPolicyObjective { ReadsScoresAlone: true }),
        });
    }

    public void Dispose()
    {
        Probe?.Dispose();
        foreach (var batch in _heldOut)
            batch.Dispose();
    }

    private static void CheckPrompts(Dataset samples, RolloutOptions options)
    {
        var isRunningText = samples[0].Content is TokenContent;
        if (isRunningText && options.PromptTokens is null)
            throw new DecantException("rollouts: running text has no prompts: say how many tokens of a sequence are one, such as 'prompt-tokens: 16', or give data with prompts (kind: jsonl with 'prompt' and 'completion').");
        if (!isRunningText && options.PromptTokens is not null)
            throw new DecantException("rollouts.prompt-tokens: the data has prompts, which are continued as they are; leave it out.");
    }
}
