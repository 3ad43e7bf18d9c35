using Decant.Data;
using Decant.Data.Batching;
using Decant.Data.Chats;
using Decant.Data.Labels;
using Decant.Data.Splitting;
using Decant.Data.Tokens;
using Decant.Models.Configuration;
using Decant.Runs.Preparing.ChatTeachers;
using Decant.Runs.Recipes.Schema;
using Decant.Text;
using Decant.Text.Restriction;
using Decant.Text.Tags;
using Decant.Training;

namespace Decant.Runs.Preparing;

/// <summary>The samples of a run, split, and how they become batches.</summary>
/// <remarks>Made for the first seed of the run; <see cref="ForSeed"/> has those of the others, which differ in the labels that the student may see.</remarks>
internal sealed partial class PreparedData(DataSplits splits, Dataset student, long seed, ITokenizer? tokenizer, Func<AugmentOptions?, ICollator> collators, ModelContext context, Recipe recipe) : IDisposable
{
    private const int MostSequences = 32;

    private readonly Dictionary<TransferSection, Dataset> _transfer = [];
    private readonly Dictionary<long, PreparedData> _ofSeeds = [];
    private Func<SampleId, double[]?>? _wordScores;
    private Dataset? _training;
    private bool _isOfOther;

    /// <summary>The token file of each split of running text.</summary>
    public IReadOnlyDictionary<Dataset, TokenFile> Streams { get; init; } = new Dictionary<Dataset, TokenFile>();

    /// <summary>What is learned from beside the splits.</summary>
    public TransferSets TransferSets { get; init; } = TransferSets.None;

    /// <summary>What static students are made of.</summary>
    public TokenTable Tokens { get; private init; } = new();

    /// <summary>What a teacher behind an API says of the samples; null: there is none.</summary>
    public ChatAnswers? Chat { get; private set; }

    /// <summary>The way to a teacher behind an API that scores what the student writes; null: there is none.</summary>
    public ScoresLine? Scores { get; private set; }

    /// <summary>What was noticed while the data was prepared.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>How <see cref="Tokenizer"/> was made of a larger one; null where it is whole.</summary>
    public RestrictedTokenizer? Restricted { get; private init; }

    /// <summary>The same with what was noticed.</summary>
    public PreparedData With(RestrictedTokenizer? restricted, IReadOnlyList<string> remarks) =>
        new(splits, student, seed, tokenizer, collators, context, recipe) { Streams = Streams, TransferSets = TransferSets, Chat = Chat, Scores = Scores, Restricted = restricted, Remarks = [.. remarks.Distinct()], _ofTeacher = _ofTeacher, _translator = _translator };

    /// <summary>Whether the teacher can be measured: not where it is a model behind an API that writes or scores texts, of whose distributions nothing is known.</summary>
    public bool MeasuresTeacher => !LearnsWhatWasWritten && Scores is null;

    /// <summary>Whether the student learns what a chat model wrote, as labels are, and needs no other answer of it.</summary>
    public bool LearnsWhatWasWritten => Chat is { Writes: true };

    /// <summary>The same with a teacher behind an API that scores what the student writes.</summary>
    public PreparedData WithScores(ScoresLine line)
    {
        var other = With(Restricted, [.. Remarks, .. line.Remarks]);
        other.Scores = line;
        return other;
    }

    /// <summary>The same with what a teacher behind an API says of the samples.</summary>
    public PreparedData WithChat(ChatAnswers answers)
    {
        var other = With(Restricted, [.. Remarks, .. answers.Remarks]);
        other.Chat = answers;
        return other;
    }

    /// <summary>
    /// The same samples for a seed of the run: where only some labels are for the student, each seed draws them anew, so that the spread over seeds holds what their choice
    /// does. Everything else is shared, and stays this one's.
    /// </summary>
    public PreparedData ForSeed(long of)
    {
        if (of == seed || recipe.Data.StudentLabels is null)
            return this;
        if (!_ofSeeds.TryGetValue(of, out var other))
        {
            _ofSeeds[of] = other = new(splits, DataPreparation.TransferSet(splits, recipe.Distill.TransferSet, recipe, TransferSets, of), of, tokenizer, collators, context, recipe)
            {
                Streams = Streams,
                TransferSets = TransferSets,
                Chat = Chat,
                Scores = Scores,
                Tokens = Tokens,
                Restricted = Restricted,
                Remarks = Remarks,
                _isOfOther = true,
                _ofTeacher = _ofTeacher,
                _translator = _translator,
            };
        }

        return other;
    }

    /// <summary>The classes, the tags, or the names of a regression's numbers; empty where the task has none.</summary>
    public IReadOnlyList<string> Classes => context.Task == ModelTask.Embedding ? [] : splits.Classes;

    /// <summary>Why the student cannot be trained without its teacher, to compare; null where it can, or the recipe does not ask for it.</summary>
    public string? WithoutControl => recipe.Control && !CanControl ? LabelNeeds.NoControl(recipe.Task, splits.Train) : null;

    /// <summary>Whether there is a control: the recipe asks for it, and there are labels, or scores of pairs, that it can learn from.</summary>
    public bool HasControl => recipe.Control && CanControl;

    /// <summary>Whether the student could learn without a teacher.</summary>
    public bool CanControl => LabelNeeds.AreThere(recipe.Task, LabelledTransferSet);

    /// <summary>How tags of words are read.</summary>
    public TagScheme TagScheme => recipe.Data.TagScheme;

    /// <summary>Whether student and control have fewer labels than the training split, and so than a teacher that is trained here.</summary>
    public bool HidesLabels => CanControl && LabelledTransferSet.Count < Train.LabelledCount;

    /// <summary>The training split with all labels: what the teacher learns from.</summary>
    public Dataset Train => splits.Train;

    public Dataset? Validation => splits.Validation;

    public Dataset Test => splits.Test!;

    public IReadOnlyList<SplitOverlap> Overlaps => splits.Overlaps;

    /// <summary>The transfer set: what the student sees, with the labels that it may see.</summary>
    public Dataset TransferSet => student;

    /// <summary>The part of the transfer set that has labels, or of the training split where another source is the transfer set: what the control learns from.</summary>
    public Dataset LabelledTransferSet { get; } = (recipe.Distill.TransferSet?.Data is null && recipe.Teacher?.Chat?.Write is null ? student : DataPreparation.TransferSet(splits, null, recipe, TransferSets.None, seed)).LabelledOnly();

    /// <summary>What the student sees in a stage; the same object for the same samples.</summary>
    public Dataset TransferSetOf(TransferSection? section)
    {
        if (section == recipe.Distill.TransferSet)
            return student;
        if (section is null)
            return _training ??= DataPreparation.TransferSet(splits, null, recipe, TransferSets, seed);
        if (!_transfer.TryGetValue(section, out var samples))
            _transfer[section] = samples = DataPreparation.TransferSet(splits, section, recipe, TransferSets, seed);
        return samples;
    }

    public ITokenizer? Tokenizer => tokenizer;

    /// <summary>The chat template that made texts of the conversations that are learned; null: they are no conversations.</summary>
    public string? ChatTemplate => recipe.Data.Train is ChatFileOptions chats ? TemplateOfChats.Of(chats).Source : null;

    /// <summary>Whether the samples are pairs of texts, or queries with documents, which are read as one sequence.</summary>
    public bool HasPairs => recipe.Task is ModelTask.Classification or ModelTask.MultiLabel or ModelTask.Regression && splits.Train[0].Content is TextContent { Pair: not null } or RankingContent;

    /// <summary>Whether the samples are queries with documents, which models put in order.</summary>
    public bool IsRanked { get; } = RankedSamples.Are(splits.Train);

    /// <summary>The scores of BM25 for the documents of the test split's queries.</summary>
    public Func<SampleId, double[]?> WordScores => _wordScores ??= RankedSamples.WordScores(Test);

    /// <summary>Whether a teacher answers the same batches while a model is measured, as its answers are too large to keep.</summary>
    public bool AsksTeacherAlong => context.Task.IsLanguageModel() || (context.Task == ModelTask.Embedding && !IsRanked);

    /// <summary>Whether several teachers read these samples, and so with one tokenizer.</summary>
    public bool HasSeveralTeachers => recipe.Teachers is not null;

    /// <summary>Whether each of several teachers teaches the samples of its tags alone, so that there is no answer of all of them.</summary>
    public bool IsRouted => recipe.HasTags();

    /// <summary>What a teacher's answers depend on beside model, samples and input: a context of all samples, and which of several teaches what.</summary>
    public string AnswersKey => string.Join(' ', [
        .. OfTeacher.Privileged?.Text is { } text ? [$"context:{text}"] : (string[])[],
        .. IsRouted ? recipe.Teachers!.Select(t => $"{t.Name}:{string.Join(',', t.Tags ?? [])}").Append($"labels:{string.Join(',', recipe.Ensemble?.LabelsOnly ?? [])}") : []]);

    /// <summary>Whether each batch continues where the one before ended.</summary>
    public bool CarriesState => recipe.Input.CarryState is true;

    /// <summary>Without augmentation.</summary>
    public ICollator Collator { get; } = collators(null);

    /// <summary>With augmentation; null: without.</summary>
    public ICollator CollatorOf(AugmentOptions? augment) => augment is null ? Collator : collators(augment);

    /// <summary>The most tokens of a text as the student is given it.</summary>
    public int MostTokensOfStudent => recipe.Input.MaxTokens ?? context.MaxTokens;

    public ModelContext Context => context;

    /// <summary>The shape of one sample as a model gets it: [T] at most, [C, H, W] or [D].</summary>
    public IReadOnlyList<long> SampleShape => tokenizer is null ? context.SampleShape : [context.MaxTokens];

    /// <summary>Whether all samples are of one shape: images and vectors, not texts.</summary>
    public bool IsOfOneShape => tokenizer is null;

    /// <summary>Shuffled batches for training.</summary>
    public IBatchSource Batches(Dataset samples, TrainingOptions fit, ulong seed)
    {
        if (recipe.Input.CarryState is true)
            return Contiguous(samples, fit.Batch);
        var options = new BatchOptions { Size = fit.Batch, Tokens = fit.BatchTokens, Seed = seed, Sampling = fit.Sampling, Views = fit.Augment?.Views };
        return new BatchSource(samples, fit.Augment is null ? Collator : collators(fit.Augment), fit.BucketByLength == false ? options with { BucketWindow = 0 } : options);
    }

    /// <summary>How often an epoch has each class, where the labels are classes; empty elsewhere.</summary>
    public IReadOnlyList<long> ClassCounts(Dataset samples, TrainingOptions fit)
    {
        if (context.Task is not (ModelTask.Classification or ModelTask.MultiLabel or ModelTask.TokenClassification))
            return [];
        var counts = samples.CountByClass();
        return [.. (fit.Sampling?.Draws(counts) ?? counts).Select(n => (long)n)];
    }

    /// <summary>The labelled samples of a split once, the longest first; running text that carries a state, in its own order.</summary>
    public IBatchSource Once(Dataset split)
    {
        // The logits of a sequence of tokens are as large as those of hundreds of samples.
        var size = recipe.Task.IsLanguageModel() ? Math.Min(recipe.Evaluate.Batch, MostSequences)
            : split[0].Content is RankingContent ranking ? Math.Max(1, recipe.Evaluate.Batch / ranking.Documents.Count)
            : recipe.Evaluate.Batch;
        if (recipe.Input.CarryState is true)
            return Contiguous(split, size);
        return new BatchSource(split.LabelledOnly(), Collator, new BatchOptions { Size = size, Shuffle = false, LongestFirst = true });
    }

    /// <summary>Whether the samples of an embedding are pairs with scores.</summary>
    public bool HasScores(Dataset samples) => context.Task == ModelTask.Embedding && samples.LabelKind == LabelKind.Numbers && samples.LabelledCount > 0;

    /// <summary>
    /// An upper bound of the number of output rows of a model for a number of samples: one each, one for each text of the pairs of an embedding, one for each document of a query, one for each position of a language
    /// model's sequences, counted in tokens of their texts.
    /// </summary>
    public long RowsOf(Dataset samples)
    {
        if (samples.Count == 0)
            return 0;
        return (context.Task, samples[0].Content) switch
        {
            (var task, RankingContent) => Enumerable.Range(0, samples.Count).Sum(i => ((RankingContent)samples[i].Content).Documents.Count + (task == ModelTask.Embedding ? 1L : 0)),
            (ModelTask.Embedding, TextContent { Pair: not null }) => 2L * samples.Count,
            (ModelTask.CausalLanguageModel or ModelTask.MaskedLanguageModel, TokenContent) => (long)samples.Count * context.MaxTokens,
            (ModelTask.CausalLanguageModel or ModelTask.MaskedLanguageModel, _) => Enumerable.Range(0, samples.Count).Sum(i => (long)((ITokenCollator)Collator).TokensOf(samples[i])),
            _ => samples.Count,
        };
    }

    /// <summary>How many inputs a model is given side by side for a training sample: one, two for the pairs of an embedding, as many as a query has documents.</summary>
    public int InputsPerSample => (context.Task, Train[0].Content) switch
    {
        (var task, RankingContent ranking) => ranking.Documents.Count + (task == ModelTask.Embedding ? 1 : 0),
        (ModelTask.Embedding, TextContent { Pair: not null }) => 2,
        _ => 1,
    };

    /// <summary>How many batches an epoch of training has.</summary>
    public int BatchesPerEpoch(Dataset samples, TrainingOptions fit) => Batches(samples, fit, seed: 0).BatchesPerEpoch;

    /// <summary>All samples once, labelled or not, the longest first; the same order each time.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="batch">How many go together.</param>
    /// <param name="augment">Where it says how many views there are, all of them; null: the samples as they are.</param>
    public IMeasuredSource All(Dataset samples, int batch, AugmentOptions? augment = null)
    {
        var source = new BatchSource(samples, augment?.Views is null ? Collator : CollatorOf(augment), new BatchOptions { Size = batch, Shuffle = false, LongestFirst = true, Views = augment?.Views });
        return augment?.Views is { } views ? new AllViews(source, views) : source;
    }

    public void Dispose()
    {
        if (_isOfOther)
            return;
        Tokens.Dispose();
        splits.Dispose();
        TransferSets.Dispose();
        _ofTeacher?.Dispose();
    }

    /// <summary>Running text in lanes, each batch going on where the one before ended.</summary>
    private ContiguousBatchSource Contiguous(Dataset split, int lanes)
    {
        if (!Streams.TryGetValue(split, out var stream))
            throw new DecantException("input.carry-state: a state is carried through running text, and these samples are none; leave it out, or give a source of text.");
        // A lane of few batches would be mostly beginning.
        var most = Math.Max(1, (stream.Count - 1) / (4L * context.MaxTokens));
        return new ContiguousBatchSource(stream, new ContiguousOptions { Lanes = (int)Math.Min(lanes, most), Tokens = context.MaxTokens });
    }
}
