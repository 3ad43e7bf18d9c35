using System.Runtime.InteropServices;
using Decant.Data.Labels;

namespace Decant.Data;

/// <summary>Samples with random access: a source, or a part of one. Parts share the source's memory or file.</summary>
/// <remarks>Reading is safe from several threads. Disposing any of the datasets that share a source closes its file; one in memory needs no disposal.</remarks>
public sealed class Dataset : IDisposable
{
    private const int Unlabelled = -1;
    private readonly SampleStore _store;
    private readonly int[] _rows;
    private readonly int[] _labels; // the class; where labels are no classes, 0 for a sample that has one
    private readonly AnnotationColumn? _annotations;
    private bool _isShared; // parts of a shared dataset are not: see Shared

    private Dataset(SampleStore store, int[] rows, int[] labels, IReadOnlyList<string> classes, AnnotationColumn? annotations)
    {
        _store = store;
        _rows = rows;
        _labels = labels;
        _annotations = annotations;
        Classes = classes;
        LabelledCount = labels.Count(label => label != Unlabelled);
    }

    /// <summary>The name of the source in messages: its file.</summary>
    public string Name => _store.Name;

    /// <summary>How many samples there are.</summary>
    public int Count => _rows.Length;

    /// <summary>How many of the samples have a label.</summary>
    public int LabelledCount { get; }

    /// <summary>The names of the classes, of the labels, of the tags, or of a regression's outputs; labels are indices into it. Empty where the content is its own label.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>What the labels are.</summary>
    public LabelKind LabelKind => _annotations?.Kind ?? LabelKind.Class;

    /// <summary>What was noticed while the source was read and should be reported, such as empty documents that were passed over; empty where nothing was.</summary>
    public IReadOnlyList<string> Remarks => _store.Remarks;

    /// <summary>One sample; a source on disk reads it now.</summary>
    public Sample this[int index] => new(IdOf(index), _store.Read(_rows[index]), LabelOf(index), AnnotationOf(index));

    /// <summary>The dataset of samples that a program made.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="samples">Contents with the name of their class; null for unlabelled.</param>
    /// <param name="classes">The classes in their order; null: the names that occur, sorted (<see cref="ClassList"/>).</param>
    public static Dataset From(string name, IEnumerable<(SampleContent Content, string? Label)> samples, IReadOnlyList<string>? classes = null)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var contents = new List<SampleContent>();
        var labels = new LabelColumn();
        foreach (var (content, label) in samples)
        {
            contents.Add(content);
            labels.Add(label);
        }

        return Create(MemoryStore.Of(name, contents), labels, classes);
    }

    /// <summary>The dataset of sentences that a program made, with a tag for every word.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="samples">The words and as many names of tags; null for unlabelled.</param>
    /// <param name="classes">The tags in their order; null: those that occur, O first and the others sorted.</param>
    /// <exception cref="DecantException">A sentence has more or fewer tags than words, or a tag is not one of the classes.</exception>
    public static Dataset FromTags(string name, IEnumerable<(WordsContent Content, IReadOnlyList<string>? Tags)> samples, IReadOnlyList<string>? classes = null)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var contents = new List<SampleContent>();
        var tags = new TagColumnBuilder();
        foreach (var (content, row) in samples)
        {
            if (row is not null && row.Count != content.Words.Count)
                throw new DecantException($"{name}, sample {contents.Count + 1}: {content.Words.Count} words have {row.Count} tags; give every word one.");
            contents.Add(content);
            tags.Add(row);
        }

        return Create(MemoryStore.Of(name, contents), tags, classes);
    }

    /// <summary>The dataset of a regression that a program made.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="samples">Contents with the numbers wanted for them; null for unlabelled.</param>
    /// <param name="outputs">The names of the numbers; null: <c>score</c>, one number.</param>
    /// <exception cref="DecantException">A sample has more or fewer numbers than there are outputs, or one that is not finite.</exception>
    public static Dataset FromNumbers(string name, IEnumerable<(SampleContent Content, IReadOnlyList<float>? Numbers)> samples, IReadOnlyList<string>? outputs = null)
    {
        ArgumentNullException.ThrowIfNull(samples);
        outputs ??= ["score"];
        var contents = new List<SampleContent>();
        var numbers = new List<float[]?>();
        foreach (var (content, row) in samples)
        {
            contents.Add(content);
            numbers.Add(row is null ? null : [.. row]);
            if (row is not null && (row.Count != outputs.Count || row.Any(number => !float.IsFinite(number))))
                throw new DecantException($"{name}, sample {contents.Count}: expected {outputs.Count} finite numbers ({ClassList.Show(outputs)}), came {string.Join(", ", row)}.");
        }

        return Create(MemoryStore.Of(name, contents), new NumberColumn(numbers), outputs);
    }

    /// <summary>The dataset of samples that have any number of labels, which a program made.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="samples">Contents with the names of their labels, none or several; null for unlabelled.</param>
    /// <param name="classes">The labels in their order; null: those that occur, sorted.</param>
    /// <exception cref="DecantException">A label is not one of the classes.</exception>
    public static Dataset FromLabelSets(string name, IEnumerable<(SampleContent Content, IReadOnlyList<string>? Labels)> samples, IReadOnlyList<string>? classes = null)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var contents = new List<SampleContent>();
        var labels = new LabelSetBuilder();
        foreach (var (content, row) in samples)
        {
            contents.Add(content);
            labels.Add(row);
        }

        return Create(MemoryStore.Of(name, contents), labels, classes);
    }

    /// <summary>The dataset of queries with the documents that are to be put in order, which a program made.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="samples">Queries with their documents, and a grade for each document: 0 or more, above 0 is relevant; null for unlabelled.</param>
    /// <exception cref="DecantException">A query has fewer than two documents, no relevant one, nothing else, or more or fewer grades than documents.</exception>
    public static Dataset FromRankings(string name, IEnumerable<(RankingContent Content, IReadOnlyList<float>? Grades)> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var contents = new List<SampleContent>();
        var grades = new List<float[]?>();
        foreach (var (content, row) in samples)
        {
            contents.Add(content);
            grades.Add(row is null ? null : [.. row]);
            if (RankingCheck.Fault(content, row) is { } fault)
                throw new DecantException($"{name}, sample {contents.Count}: {fault}.");
        }

        return Create(MemoryStore.Of(name, contents), new GradeColumn(grades), RankingCheck.Outputs);
    }

    /// <summary>The id of a sample, without reading its content.</summary>
    public SampleId IdOf(int index) => _store.IdOf(_rows[index]);

    /// <summary>The class of a sample, without reading its content; null where it is unlabelled, or labels are no classes.</summary>
    public int? LabelOf(int index) => _annotations is not null || _labels[index] == Unlabelled ? null : _labels[index];

    /// <summary>The label that is no class, without reading the content; null where the sample is unlabelled, or labels are classes.</summary>
    public Annotation? AnnotationOf(int index) => _annotations is null || _labels[index] == Unlabelled ? null : _annotations.Of(_rows[index]);

    /// <summary>Whether a sample has a label of any kind.</summary>
    public bool IsLabelled(int index) => _labels[index] != Unlabelled;

    /// <summary>Where the user finds a sample: file and line, or its number.</summary>
    public string Where(int index) => _store.Where(_rows[index]);

    /// <summary>How many labelled samples each class has, or labelled words each tag, in the order of <see cref="Classes"/>.</summary>
    public IReadOnlyList<int> CountByClass()
    {
        var counts = new int[Classes.Count];
        for (var i = 0; i < Count; i++)
        {
            if (_labels[i] == Unlabelled) continue;
            if (_annotations is null) counts[_labels[i]]++;
            else _annotations.CountInto(counts, _rows[i]);
        }

        return counts;
    }

    /// <summary>The samples at the indices, in that order.</summary>
    public Dataset Subset(IReadOnlyList<int> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return new(_store, [.. indices.Select(i => _rows[i])], [.. indices.Select(i => _labels[i])], Classes, _annotations) { _isShared = _isShared };
    }

    /// <summary>The samples that have a label, in the same order.</summary>
    public Dataset LabelledOnly() => LabelledCount == Count ? this : Subset([.. Enumerable.Range(0, Count).Where(IsLabelled)]);

    /// <summary>The same samples; those for which <paramref name="keepsLabel"/> is false become unlabelled.</summary>
    /// <param name="keepsLabel">Called with each index.</param>
    public Dataset WithLabelsWhere(Func<int, bool> keepsLabel)
    {
        ArgumentNullException.ThrowIfNull(keepsLabel);
        return new(_store, _rows, [.. _labels.Select((label, i) => keepsLabel(i) ? label : Unlabelled)], Classes, _annotations) { _isShared = _isShared };
    }

    /// <summary>The same samples, each its own label, as a language model learns from text; other labels are left out, and all samples become labelled.</summary>
    public Dataset WithOwnLabels() => new(_store, _rows, new int[Count], [], new OwnContentColumn()) { _isShared = _isShared };

    /// <summary>The same samples without any label; there are no classes then.</summary>
    public Dataset WithoutLabels() => new(_store, _rows, [.. _rows.Select(_ => Unlabelled)], [], null) { _isShared = _isShared };

    /// <summary>The same samples with their labels as indices into another class list.</summary>
    /// <exception cref="DecantException">A sample has a label that the list lacks; the message names it.</exception>
    public Dataset WithClasses(IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        if (Classes.SequenceEqual(classes)) return this;
        if (_annotations is not null)
        {
            var labelled = Enumerable.Range(0, Count).Where(IsLabelled).Select(i => _rows[i]);
            return new(_store, _rows, _labels, classes, _annotations.WithClasses(Classes, classes, labelled, _store.Where)) { _isShared = _isShared };
        }

        var index = ClassList.IndexOf(classes);
        var map = Classes.Select(name => index.GetValueOrDefault(name, Unlabelled)).ToArray();
        for (var i = 0; i < Count; i++)
            if (_labels[i] != Unlabelled && map[_labels[i]] == Unlabelled) throw ClassList.UnknownLabel(Classes[_labels[i]], Where(i), classes);
        return new(_store, _rows, [.. _labels.Select(label => label == Unlabelled ? label : map[label])], classes, null) { _isShared = _isShared };
    }

    /// <summary>The same samples, and more without a label behind them.</summary>
    /// <param name="contents">What they are; a content that is among the samples already gets an id of its own.</param>
    /// <param name="name">What messages call them.</param>
    internal Dataset WithUnlabelled(IReadOnlyList<SampleContent> contents, string name) => new(
        new ExtendedStore(_store, MemoryStore.Of(name, contents)) { Name = Name, Remarks = Remarks },
        [.. _rows, .. Enumerable.Range(_store.Count, contents.Count)], [.. _labels, .. contents.Select(_ => Unlabelled)], Classes, _annotations)
    { _isShared = _isShared };

    /// <summary>The same samples for somebody else, who may dispose of them: the source stays open.</summary>
    internal Dataset Shared() => new(_store, _rows, _labels, Classes, _annotations) { _isShared = true };

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isShared)
            _store.Dispose();
    }

    internal static Dataset Create(SampleStore store, LabelColumn labels, IReadOnlyList<string>? classes)
    {
        classes = classes is null ? ClassList.Sort(labels.Names) : ClassList.Check(classes, store.Name);
        return new(NotEmpty(store), AllRows(store), labels.ToIndices(classes, store.Where), classes, null);
    }

    internal static Dataset Create(SampleStore store, TagColumnBuilder tags, IReadOnlyList<string>? classes)
    {
        classes = classes is null ? tags.Classes() : ClassList.Check(classes, store.Name);
        return Create(store, tags.ToColumn(classes, store.Where), classes);
    }

    internal static Dataset Create(SampleStore store, LabelSetBuilder labels, IReadOnlyList<string>? classes)
    {
        classes = classes is null ? ClassList.Sort(labels.Names) : ClassList.Check(classes, store.Name);
        return Create(store, labels.ToColumn(classes, store.Where), classes);
    }

    internal static Dataset Create(SampleStore store, AnnotationColumn annotations, IReadOnlyList<string> classes)
    {
        var rows = AllRows(NotEmpty(store));
        return new(store, rows, [.. rows.Select(row => annotations.Has(row) ? 0 : Unlabelled)], classes, annotations);
    }

    private static SampleStore NotEmpty(SampleStore store) =>
        store.Count > 0 ? store : throw new DecantException($"{store.Name}: expected samples, came none; give a source that has some.");

    private static int[] AllRows(SampleStore store) => [.. Enumerable.Range(0, store.Count)];

    /// <summary>What a split by classes keeps in proportion: the class; one stratum where labels are no classes.</summary>
    internal int StratumOf(int index) => _labels[index];

    /// <summary>The class, or a hash of the label that is none; -1 where the sample is unlabelled.</summary>
    internal int LabelHashOf(int index) => AnnotationOf(index) switch
    {
        null => LabelOf(index) ?? Unlabelled,
        TagAnnotation tags => ContentHash.Of31(MemoryMarshal.AsBytes<int>(tags.Tags.ToArray())),
        LabelSetAnnotation set => ContentHash.Of31(MemoryMarshal.AsBytes<int>(set.Labels.ToArray())),
        NumberAnnotation numbers => ContentHash.Of31(MemoryMarshal.AsBytes<float>(numbers.Numbers.ToArray())),
        GradeAnnotation grades => ContentHash.Of31(MemoryMarshal.AsBytes<float>(grades.Grades.ToArray())),
        _ => 0,
    };

    /// <summary>The text of a sample, read as it is needed.</summary>
    internal TextReader OpenText(int index) => _store.OpenText(_rows[index]);

    internal int LengthOf(int index) => _store.LengthOf(_rows[index]);

    internal ulong HashOf(int index) => _store.HashOf(_rows[index]);

    /// <summary>What may not be in two splits: the content; of a query with documents the query, whatever the documents.</summary>
    internal ulong GroupHashOf(int index) => _annotations is GradeColumn && _store.Read(_rows[index]) is RankingContent ranking ? ContentHash.OfText(ranking.Query, null) : HashOf(index);
}
