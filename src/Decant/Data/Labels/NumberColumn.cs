namespace Decant.Data.Labels;

/// <summary>The numbers of a regression, row by row; null where a row has none.</summary>
internal sealed class NumberColumn(IReadOnlyList<float[]?> rows) : AnnotationColumn
{
    public override LabelKind Kind => LabelKind.Numbers;

    public override bool Has(int row) => rows[row] is not null;

    public override Annotation Of(int row) => new NumberAnnotation(rows[row]!);

    public override AnnotationColumn WithClasses(IReadOnlyList<string> from, IReadOnlyList<string> to, IEnumerable<int> rows, Func<int, string> where) =>
        from.SequenceEqual(to) ? this : throw new DecantException(
            $"{rows.Select(where).FirstOrDefault() ?? "A split"}: the numbers here are {ClassList.Show(from)}, and those of the training data are {ClassList.Show(to)}; "
            + "all splits of a regression have the same outputs: give them the same names ('classes').");

    public override void CountInto(int[] counts, int row)
    {
        for (var i = 0; i < counts.Length; i++) counts[i]++;
    }
}
