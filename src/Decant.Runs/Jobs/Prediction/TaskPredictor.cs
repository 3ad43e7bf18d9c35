using System.Text.Json;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Signals;
using Decant.Text;
using Decant.Text.Tags;

namespace Decant.Runs.Jobs.Prediction;

/// <summary>What a model answers to a line.</summary>
/// <param name="Write">Writes the fields of the prediction.</param>
/// <param name="IsFinite">Whether its numbers are numbers.</param>
internal readonly record struct LineAnswer(Action<Utf8JsonWriter> Write, bool IsFinite = true);

/// <summary>Asks a model of one task about some lines at a time.</summary>
internal abstract class TaskPredictor(Model model, ITokenizer tokenizer, int maxTokens)
{
    protected Model Model => model;

    protected ITokenizer Tokenizer => tokenizer;

    protected int MaxTokens => maxTokens;

    /// <summary>The predictor of a model's task.</summary>
    public static TaskPredictor Of(Model model, ITokenizer tokenizer, int maxTokens, int? top)
    {
        var config = ((IConfigured)model).Config;
        return config.Task switch
        {
            ModelTask.Regression => new NumberPredictor(model, tokenizer, maxTokens, config.ClassNames),
            ModelTask.MultiLabel => new LabelsPredictor(model, tokenizer, maxTokens, config.ClassNames, config.Thresholds),
            ModelTask.Embedding => new VectorPredictor(model, tokenizer, maxTokens),
            ModelTask.TokenClassification => new TagPredictor(model, tokenizer, maxTokens, config.ClassNames, TagSet.TryRead(config.ClassNames, TagSet.SchemeOf(config.TagScheme), out _)),
            ModelTask.MaskedLanguageModel => new MaskPredictor(model, tokenizer, maxTokens, top ?? 5),
            ModelTask.CausalLanguageModel => new TextScorer(model, tokenizer, maxTokens),
            _ => new ClassPredictor(model, tokenizer, maxTokens, config.ClassNames, top ?? config.ClassNames.Count),
        };
    }

    /// <summary>Begins with other lines: the collators' caches are of those before, and are dropped.</summary>
    public abstract void Begin();

    /// <summary>The sample of a content.</summary>
    /// <param name="content">Of the task's kind.</param>
    /// <param name="number">Its place among the lines that are answered together.</param>
    /// <returns>It, and whether some of it is left out.</returns>
    /// <exception cref="DecantException">It cannot be an input of the model.</exception>
    public abstract (Sample Sample, bool IsCut) Prepare(SampleContent content, int number);

    /// <summary>The answers to samples, in their order; tensors are the caller's scope's.</summary>
    public abstract IReadOnlyList<LineAnswer> Ask(IReadOnlyList<Sample> samples);
}

/// <summary>Asks with batches of a collator.</summary>
/// <param name="model">The model.</param>
/// <param name="tokenizer">Its tokenizer.</param>
/// <param name="maxTokens">What it reads.</param>
/// <param name="make">A collator with an empty cache.</param>
internal abstract class CollatedPredictor(Model model, ITokenizer tokenizer, int maxTokens, Func<ITokenCollator> make) : TaskPredictor(model, tokenizer, maxTokens)
{
    protected ITokenCollator Collator { get; private set; } = make();

    public override void Begin() => Collator = make();

    public override (Sample Sample, bool IsCut) Prepare(SampleContent content, int number)
    {
        var sample = new Sample(new SampleId((ulong)number), content, null);
        Collator.TokensOf(sample);
        return (sample, Collator.LeftOut(sample) > 0);
    }

    public override IReadOnlyList<LineAnswer> Ask(IReadOnlyList<Sample> samples)
    {
        using var batch = Collator.Collate(samples, 0, 0);
        return Ask(samples, batch);
    }

    protected abstract IReadOnlyList<LineAnswer> Ask(IReadOnlyList<Sample> samples, Batch batch);

    /// <summary>One row per answer [R, C].</summary>
    protected float[][] Rows(Batch batch) => [.. Model.Forward(batch.ToInput(Model.Device)).To(Decant.Torch.DType.Float32).ToArray<float>().Chunk(Model.Classes)];
}
