namespace Decant.Data;

/// <summary>Samples with random access: a source, or a part of one. Parts share the source's memory or file.</summary>
/// <remarks>Reading is safe from several threads. Disposing any of the datasets that share a source closes its file; one in memory needs no disposal.</remarks>
public sealed class Dataset : IDisposable
{
    private const int Unlabelled = -1;
    private readonly SampleStore _store;
    private readonly int[] _rows;
    private readonly int[] _labels;

    private Dataset(SampleStore store, int[] rows, int[] labels, IReadOnlyList<string> classes)
    {
        _store = store;
        _rows = rows;
        _labels = labels;
        Classes = classes;
        LabelledCount = labels.Count(label => label != Unlabelled);
    }

    /// <summary>The name of the source in messages: its file.</summary>
    public string Name => _store.Name;

    /// <summary>How many samples there are.</summary>
    public int Count => _rows.Length;

    /// <summary>How many of the samples have a label.</summary>
    public int LabelledCount { get; }

    /// <summary>The names of the classes; labels are indices into it.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>One sample; a source on disk reads it now.</summary>
    public Sample this[int index] => new(IdOf(index), _store.Read(_rows[index]), LabelOf(index));

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

        var hashes = contents.Select(ContentHash.Of).ToArray();
        return Create(new MemoryStore(contents, hashes) { Name = name }, labels, classes);
    }

    /// <summary>The id of a sample, without reading its content.</summary>
    public SampleId IdOf(int index) => _store.IdOf(_rows[index]);

    /// <summary>The class of a sample, without reading its content; null where it is unlabelled.</summary>
    public int? LabelOf(int index) => _labels[index] == Unlabelled ? null : _labels[index];

    /// <summary>Where the user finds a sample: file and line, or its number.</summary>
    public string Where(int index) => _store.Where(_rows[index]);

    /// <summary>How many labelled samples each class has, in the order of <see cref="Classes"/>.</summary>
    public IReadOnlyList<int> CountByClass()
    {
        var counts = new int[Classes.Count];
        foreach (var label in _labels)
            if (label != Unlabelled) counts[label]++;
        return counts;
    }

    /// <summary>The samples at the indices, in that order.</summary>
    public Dataset Subset(IReadOnlyList<int> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return new(_store, [.. indices.Select(i => _rows[i])], [.. indices.Select(i => _labels[i])], Classes);
    }

    /// <summary>The same samples; those for which <paramref name="keepsLabel"/> is false become unlabelled.</summary>
    /// <param name="keepsLabel">Called with each index.</param>
    public Dataset WithLabelsWhere(Func<int, bool> keepsLabel)
    {
        ArgumentNullException.ThrowIfNull(keepsLabel);
        return new(_store, _rows, [.. _labels.Select((label, i) => keepsLabel(i) ? label : Unlabelled)], Classes);
    }

    /// <summary>The same samples with their labels as indices into another class list.</summary>
    /// <exception cref="DecantException">A sample has a label that the list lacks; the message names it.</exception>
    public Dataset WithClasses(IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        if (Classes.SequenceEqual(classes)) return this;
        var index = ClassList.IndexOf(classes);
        var map = Classes.Select(name => index.GetValueOrDefault(name, Unlabelled)).ToArray();
        for (var i = 0; i < Count; i++)
            if (_labels[i] != Unlabelled && map[_labels[i]] == Unlabelled) throw ClassList.UnknownLabel(Classes[_labels[i]], Where(i), classes);
        return new(_store, _rows, [.. _labels.Select(label => label == Unlabelled ? label : map[label])], classes);
    }

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    internal static Dataset Create(SampleStore store, LabelColumn labels, IReadOnlyList<string>? classes)
    {
        if (store.Count == 0) throw new DecantException($"{store.Name}: expected samples, came none; give a source that has some.");
        classes = classes is null ? ClassList.Sort(labels.Names) : ClassList.Check(classes, store.Name);
        return new(store, [.. Enumerable.Range(0, store.Count)], labels.ToIndices(classes, store.Where), classes);
    }

    internal int LengthOf(int index) => _store.LengthOf(_rows[index]);

    internal ulong HashOf(int index) => _store.HashOf(_rows[index]);
}
