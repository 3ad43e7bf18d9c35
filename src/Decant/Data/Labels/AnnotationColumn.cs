namespace Decant.Data.Labels;

/// <summary>The annotations of a store's rows; datasets are views of it.</summary>
internal abstract class AnnotationColumn
{
    public abstract LabelKind Kind { get; }

    public abstract bool Has(int row);

    /// <summary>The annotation of a row that has one.</summary>
    public abstract Annotation Of(int row);

    /// <summary>The same annotations in terms of another class list.</summary>
    /// <param name="from">The classes now.</param>
    /// <param name="to">The classes wanted.</param>
    /// <param name="rows">The rows that count: what is wrong with others does not matter.</param>
    /// <param name="where">Where the user finds a row.</param>
    public abstract AnnotationColumn WithClasses(IReadOnlyList<string> from, IReadOnlyList<string> to, IEnumerable<int> rows, Func<int, string> where);

    /// <summary>How often each class occurs in the rows.</summary>
    public abstract void CountInto(int[] counts, int row);
}

/// <summary>Every row is its own label.</summary>
internal sealed class OwnContentColumn : AnnotationColumn
{
    public override LabelKind Kind => LabelKind.Content;

    public override bool Has(int row) => true;

    public override Annotation Of(int row) => ContentAnnotation.Instance;

    public override AnnotationColumn WithClasses(IReadOnlyList<string> from, IReadOnlyList<string> to, IEnumerable<int> rows, Func<int, string> where) => this;

    public override void CountInto(int[] counts, int row)
    {
    }
}
