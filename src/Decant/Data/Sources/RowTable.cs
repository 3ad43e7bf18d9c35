using System.Globalization;
using Decant.Data.Labels;

namespace Decant.Data.Sources;

/// <summary>Collects the labels of a source's rows while they are read, and decides what becomes of those without text.</summary>
internal sealed class RowTable
{
    private readonly LabelColumn _labels = new();
    private readonly List<float[]?> _numbers = [];
    private readonly LabelSetBuilder _sets = new();
    private readonly List<float[]?> _grades = [];
    private long _empty;

    /// <summary>The source in messages.</summary>
    public required string Name { get; init; }

    /// <summary>What becomes of a row without text.</summary>
    public required EmptyRows Empty { get; init; }

    /// <summary>The classes, or the names of the numbers; null: those that occur.</summary>
    public required IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Whether the two texts of a row are a prompt and its completion.</summary>
    public required bool IsPrompt { get; init; }

    /// <summary>The names of the numbers of a row; null where its label is a class.</summary>
    public required IReadOnlyList<string>? Outputs { get; init; }

    /// <summary>The column of the class; null where there is none.</summary>
    public required string? LabelName { get; init; }

    /// <summary>Whether a row has a set of labels instead of one class.</summary>
    public bool HasLabelSets { get; init; }

    /// <summary>Whether a row is a query with documents that have grades.</summary>
    public bool HasRankings { get; init; }

    /// <summary>Takes a row.</summary>
    /// <returns>Its content; null where it is left out.</returns>
    /// <exception cref="RowFaultException">It has no text, and such rows are refused.</exception>
    public SampleContent? Add(Row row)
    {
        if (EmptyPart(row) is { } part)
        {
            LeaveOut(part);
            return null;
        }

        if (HasRankings) _grades.Add(row.Grades);
        else if (HasLabelSets) _sets.Add(row.Labels);
        else if (Outputs is null) _labels.Add(row.Label);
        else _numbers.Add(row.Numbers);
        return row.ToContent(IsPrompt);
    }

    /// <summary>Takes a row whose content is no text.</summary>
    public void AddLabel(string? label) => _labels.Add(label);

    /// <summary>Counts a row that has nothing in it.</summary>
    /// <exception cref="RowFaultException">Such rows are refused.</exception>
    public void LeaveOut(string part)
    {
        if (Empty == EmptyRows.Refuse)
            throw new RowFaultException($"the {part} is empty; give it text, take the row out, or say 'empty: drop' to leave all such rows out");
        _empty++;
    }

    /// <summary>What is reported of rows that were left out, and of those that have no label.</summary>
    public IReadOnlyList<string> Remarks()
    {
        var remarks = new List<string>();
        if (_empty > 0)
            remarks.Add(string.Create(CultureInfo.InvariantCulture, $"{Name}: {_empty:N0} rows without text were left out ('empty: drop')."));
        var (unlabelled, count) = LabelName is null ? (0, 0) : HasLabelSets ? (_sets.Unlabelled, _sets.Count) : (_labels.Unlabelled, _labels.Count);
        if (unlabelled > 0 && unlabelled < count)
        {
            remarks.Add(string.Create(CultureInfo.InvariantCulture,
                $"{Name}: {unlabelled:N0} of {count:N0} rows have nothing in '{LabelName}': they are samples without a label, which the student learns from its teacher alone, and which nothing is measured on."));
        }

        return remarks;
    }

    /// <summary>The samples with their labels.</summary>
    /// <param name="store">The contents that were not left out, in their order.</param>
    public Dataset ToDataset(SampleStore store)
    {
        if (HasRankings) return Dataset.Create(store, new GradeColumn(_grades), RankingCheck.Outputs);
        if (HasLabelSets) return Dataset.Create(store, _sets, Classes);
        if (Classes is null && LabelName is { } name) LabelCheck.RefuseText(Name, name, _labels);
        if (Outputs is { } outputs) return Dataset.Create(store, new NumberColumn(_numbers), ClassList.Check(Classes ?? outputs, Name));
        var data = Dataset.Create(store, _labels, Classes);
        return IsPrompt ? data.WithOwnLabels() : data;
    }

    private string? EmptyPart(Row row)
    {
        if (string.IsNullOrWhiteSpace(row.Text)) return IsPrompt ? "prompt" : "text";
        return IsPrompt && string.IsNullOrEmpty(row.Pair) ? "completion" : null;
    }
}
