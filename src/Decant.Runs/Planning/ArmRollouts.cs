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
        // Of a teacher with other tokens nothing is compared token by token.
        if (data.Validation is not { } validation || arm.Teacher is not { } teacher || teacher.Offer.Kinds == SignalKinds.OtherTokens)
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
        var tokenizer = data.Tokenizer!;
        CheckPrompts(arm.Samples, options, data);
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

    private static void CheckPrompts(Dataset samples, RolloutOptions options, PreparedData data)
    {
        var isRunningText = samples[0].Content is TokenContent;
        if (isRunningText && options.PromptTokens is null)
            throw new DecantException("rollouts: running text has no prompts: say how many tokens of a sequence are one, such as 'prompt-tokens: 16', or give data with prompts (kind: jsonl with 'prompt' and 'completion').");
        if (!isRunningText && options.PromptTokens is not null)
            throw new DecantException("rollouts.prompt-tokens: the data has prompts, which are continued as they are; leave it out.");
        if (isRunningText && options.PromptTokens > data.Context.MaxTokens)
            throw new DecantException($"rollouts.prompt-tokens: a sequence has {data.Context.MaxTokens} tokens (input.max-tokens), and {options.PromptTokens} of them are to be the prompt; lower it.");
        if (!isRunningText)
            CheckLengths(samples, data);
    }

    // What does not fit is cut from the beginning of a prompt, and the student would continue something else.
    private static void CheckLengths(Dataset samples, PreparedData data)
    {
        var room = data.Context.MaxTokens - (data.Context.BeginToken is null ? 0 : 1);
        int[] tooLong = [.. Enumerable.Range(0, samples.Count).Where(i => samples[i].Content is PromptContent prompt && data.Tokenizer!.Encode(prompt.Prompt).Length > room)];
        if (tooLong.Length > 0)
            throw new DecantException($"rollouts: {tooLong.Length:N0} of {samples.Count:N0} prompts have more than the {data.Context.MaxTokens} tokens of input.max-tokens, such as {samples.Where(tooLong[0])}: raise it, or leave them out.");
    }
}
