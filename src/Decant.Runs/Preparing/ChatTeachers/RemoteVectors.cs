using System.Globalization;
using Decant.Data;
using Decant.Data.Splitting;
using Decant.Runs.Recipes.Schema;
using Decant.Teachers.Remote;
using Decant.Teachers.Remote.Asking;
using Decant.Teachers.Remote.Storing;
using Microsoft.Extensions.AI;
using TextContent = Decant.Data.TextContent;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>Asks a model behind an API for the vectors of all texts of a run: those that its store lacks, after the first few have shown what the rest will cost.</summary>
internal sealed class RemoteVectors
{
    /// <summary>Where a recipe has it.</summary>
    public const string Path = "teacher.embeddings";

    private const int UnknownWidth = 256; // to try a plan with, before anything was asked
    private readonly EmbeddingsSection _section;
    private readonly ChatAsking _asking;
    private readonly ChatLine _line;
    private readonly EmbeddingGenerationOptions? _options;
    private readonly Dictionary<string, float[]> _known = new(StringComparer.Ordinal);

    private RemoteVectors(EmbeddingsSection section, ChatAsking asking)
    {
        (_section, _asking, _line) = (section, asking, new ChatLine(section, asking, Path));
        _options = section.Dimensions is { } dimensions ? new() { Dimensions = dimensions } : null;
    }

    /// <summary>Asks, or reads what was asked before.</summary>
    /// <param name="section">The teacher.</param>
    /// <param name="asking">How it is reached.</param>
    /// <param name="splits">What it is asked about: all texts of all splits, both of pairs.</param>
    /// <param name="cancellationToken">Stops; what was answered stays in the store.</param>
    /// <exception cref="DecantException">It cannot be reached, the cost was not agreed to, the budget is spent, a text has no vector, or vectors differ in length.</exception>
    public static ChatAnswers Ask(EmbeddingsSection section, ChatAsking asking, DataSplits splits, CancellationToken cancellationToken)
    {
        string[] texts = [.. ChatTeacher.All(splits).SelectMany(split => Enumerable.Range(0, split.Count).SelectMany(i => TextsOf(split[i].Content))).Distinct(StringComparer.Ordinal)];
        return new RemoteVectors(section, asking).Ask(texts, cancellationToken);
    }

    /// <summary>The texts of a sample, each of which has a vector.</summary>
    public static IEnumerable<string> TextsOf(SampleContent content) => content is TextContent text ? text.Pair is null ? [text.Text] : [text.Text, text.Pair]
        : throw new DecantException($"{Path}: expected texts or pairs of texts, came {content.GetType().Name}. Use a teacher that is loaded or trained.");

    private ChatAnswers Ask(string[] texts, CancellationToken cancellationToken)
    {
        var (before, remarks) = (0, new List<string>());
        if (_asking.MayAsk || _line.HasAnswers)
        {
            using var answers = _line.OpenAnswers();
            var settings = VectorStores.SettingsOf(_options);
            foreach (var text in texts)
                if (answers.Vectors.Read(VectorStores.KeyOf(settings, text)) is { } vector)
                    _known[text] = vector;
            before = _known.Count;
            if (_asking.MayAsk && before < texts.Length)
                Ask(answers, texts, cancellationToken);
            if (_asking.MayAsk || before == texts.Length)
            {
                remarks.Add(FormattableString.Invariant($"The teacher is {_line.Name}, by its vectors: {before:N0} of {texts.Length:N0} texts were answered before; {_line.Sent(answers, texts.Length - before)}."));
                remarks.Add($"Terms of the teacher: {_line.Terms}");
            }
        }

        int[] widths = [.. _known.Values.Select(v => v.Length).Distinct()];
        if (widths.Length > 1)
            throw new DecantException(FormattableString.Invariant($"{Path}: {_line.Name} gave vectors of {widths[0]} and of {widths[1]} numbers. Say which with dimensions, or give the model's version."));
        var unasked = texts.Length - _known.Count;
        if (unasked > 0)
            remarks.Add(FormattableString.Invariant($"{_line.Name} would be asked for the vectors of {unasked:N0} of {texts.Length:N0} texts; a check asks nothing, and 'decant distill' says what it will cost after the first {CostEstimate.UsualSample}{(widths.Length == 0 && _section.Dimensions is null ? FormattableString.Invariant($". How long they are is not known yet: {UnknownWidth} numbers are assumed here") : "")}."));
        return new(_line.Name, _ => null, remarks) { Undecided = [], Wanted = "a vector", Unasked = unasked, Vectors = _known, Width = widths.Length > 0 ? widths[0] : _section.Dimensions ?? UnknownWidth };
    }

    private void Ask(RemoteAnswers answers, string[] texts, CancellationToken cancellationToken)
    {
        string[] missing = [.. texts.Where(text => !_known.ContainsKey(text)).OrderBy(ChosenTexts.KeyOf, StringComparer.Ordinal)];
        string[] first = missing[..Math.Min(CostEstimate.UsualSample, missing.Length)], rest = missing[first.Length..];
        var costs = new List<(long Input, long Output)>();
        foreach (var text in first)
        {
            using var one = _line.Embeddings(answers, isFirst: costs.Count == 0);
            costs.Add((Vectors(one, [text], cancellationToken).GetAwaiter().GetResult(), 0));
        }

        if (rest.Length == 0)
            return;
        var cost = new ChatCost(_line.Name, rest.Length, CostEstimate.From(costs, missing.Length, _line.Prices), null);
        if (_asking.Agrees?.Invoke(cost) is not true)
            throw new DecantException($"{Path}: the cost was not agreed to; what was answered is stored. Add --yes to ask about all texts.");
        var done = first.Length;
        using var generator = _line.Embeddings(answers);
        Parallel.ForEachAsync(rest.Chunk(_section.Batch), new ParallelOptions { MaxDegreeOfParallelism = _line.Concurrency, CancellationToken = cancellationToken }, async (batch, cancel) =>
        {
            await Vectors(generator, batch, cancel).ConfigureAwait(false);
            lock (_known)
                _asking.Answered?.Invoke(done += batch.Length, missing.Length);
        }).GetAwaiter().GetResult();
    }

    private async Task<long> Vectors(IEmbeddingGenerator<string, Embedding<float>> generator, string[] texts, CancellationToken cancellationToken)
    {
        try
        {
            var came = await generator.GenerateAsync(texts, _options, cancellationToken).ConfigureAwait(false);
            lock (_known)
                foreach (var (text, vector) in texts.Zip(came))
                    _known[text] = Checked(text, vector.Vector.ToArray());
            return came.Usage?.InputTokenCount ?? 0;
        }
        catch (RemoteTeacherException error) when (error.Fault is RemoteFault.TooLong or RemoteFault.Filtered)
        {
            throw new DecantException($"{Path}: {error.Message} Of {texts.Length} texts the longest is '{Shown(texts.MaxBy(t => t.Length)!)}'. Shorten it or take it out; what was answered is stored.", inner: error);
        }
    }

    private static float[] Checked(string text, float[] vector) => vector.Length > 0 && Array.TrueForAll(vector, float.IsFinite) ? vector
        : throw new DecantException(string.Create(CultureInfo.InvariantCulture, $"{Path}: of the text '{Shown(text)}' came {vector.Length} numbers, expected a vector of finite ones."));

    private static string Shown(string text) => (text.Length > 60 ? text[..60] + "…" : text).ReplaceLineEndings(" ");
}
