using System.ComponentModel;
using Decant.Data.Labels;

namespace Decant.Data.Sources;

/// <summary>One of several sources that are read as one.</summary>
internal sealed record JoinedSource
{
    /// <summary>The source.</summary>
    [Description("the source")]
    [ChoiceOf(Sections.Source)]
    public required SourceOptions From { get; init; }

    /// <summary>What its samples are tagged with, which says which of several teachers teach them (<c>teachers[].tags</c>); null: as the source says.</summary>
    [Description("tag of its samples, which says which of several teachers teach them (teachers[].tags); default: what its 'tag' column says")]
    public string? Tag { get; init; }
}

/// <summary>Several sources, one after the other, as one: prompts with completions, conversations or texts that language models learn from.</summary>
internal sealed record JoinOptions : SourceOptions
{
    /// <summary>The sources, in order.</summary>
    [Description("the sources, in order")]
    public required IReadOnlyList<JoinedSource> Sources { get; init; }

    /// <inheritdoc/>
    /// <exception cref="DecantException">There is no source, one cannot be opened, or their samples are of several kinds.</exception>
    public override Dataset Open(CancellationToken cancellationToken = default)
    {
        if (Sources.Count == 0) throw new DecantException("join: 'sources' is an empty list; name the sources that are read as one.");
        var parts = new List<Dataset>();
        try
        {
            foreach (var source in Sources) parts.Add(source.From.Open(cancellationToken));
            CheckAlike(parts);
            return Dataset.Create(new JoinedStore(parts, [.. Sources.Select(s => s.Tag)]) { Name = string.Join(" + ", parts.Select(p => p.Name)), Remarks = [.. parts.SelectMany(p => p.Remarks)] }, new OwnContentColumn(), []);
        }
        catch
        {
            foreach (var part in parts) part.Dispose();
            throw;
        }
    }

    private static void CheckAlike(List<Dataset> parts)
    {
        var kind = parts[0][0].Content.GetType();
        foreach (var part in parts)
        {
            if (part.LabelKind != LabelKind.Content && part.LabelledCount > 0)
                throw new DecantException($"join: {part.Name} has labels, and what is joined are texts that a language model learns from; say 'label: null', or write the files into one.");
            if (part[0].Content.GetType() != kind)
                throw new DecantException($"join: {parts[0].Name} and {part.Name} have samples of several kinds ({kind.Name} and {part[0].Content.GetType().Name}); join sources of one kind.");
        }
    }
}

/// <summary>The samples of several sources, which this owns.</summary>
internal sealed class JoinedStore(IReadOnlyList<Dataset> parts, IReadOnlyList<string?> tags) : SampleStore([.. parts.SelectMany(part => Enumerable.Range(0, part.Count).Select(part.HashOf))])
{
    public override SampleContent Read(int row)
    {
        var (part, index) = Place(row);
        var content = parts[part][index].Content;
        return tags[part] is { } tag ? content with { Tag = tag } : content;
    }

    public override int LengthOf(int row) => Place(row) is var (part, index) ? parts[part].LengthOf(index) : 0;

    public override string Where(int row) => Place(row) is var (part, index) ? parts[part].Where(index) : "";

    public override TextReader OpenText(int row) => Place(row) is var (part, index) ? parts[part].OpenText(index) : TextReader.Null;

    public override void Dispose()
    {
        foreach (var part in parts) part.Dispose();
        base.Dispose();
    }

    private (int Part, int Index) Place(int row)
    {
        var part = 0;
        for (; row >= parts[part].Count; part++) row -= parts[part].Count;
        return (part, row);
    }
}
