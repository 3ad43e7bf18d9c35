namespace Decant.Data.Labels;

/// <summary>The grades of the documents of all queries, row by row; null where a query has none.</summary>
internal sealed class GradeColumn(IReadOnlyList<float[]?> rows) : AnnotationColumn
{
    /// <inheritdoc/>
    public override LabelKind Kind => LabelKind.Grades;

    /// <inheritdoc/>
    public override bool Has(int row) => rows[row] is not null;

    /// <inheritdoc/>
    public override Annotation Of(int row) => new GradeAnnotation(rows[row]!);

    /// <inheritdoc/>
    public override AnnotationColumn WithClasses(IReadOnlyList<string> from, IReadOnlyList<string> to, IEnumerable<int> rows, Func<int, string> where) =>
        from.SequenceEqual(to) ? this : throw new DecantException(
            $"{rows.Select(where).FirstOrDefault() ?? "A split"}: the documents here have grades, and the training data has {ClassList.Show(to)}; give all splits rankings.");

    /// <inheritdoc/>
    public override void CountInto(int[] counts, int row)
    {
        for (var i = 0; i < counts.Length; i++) counts[i]++;
    }
}
