namespace Decant.Data;

/// <summary>The contents of another store, and more behind them. The ids of the first stay as they are.</summary>
/// <param name="first">The other store, which this owns.</param>
/// <param name="more">What is behind.</param>
internal sealed class ExtendedStore(SampleStore first, MemoryStore more) : SampleStore([.. Enumerable.Range(0, first.Count).Select(first.HashOf), .. Enumerable.Range(0, more.Count).Select(more.HashOf)])
{
    /// <inheritdoc/>
    public override SampleContent Read(int row) => row < first.Count ? first.Read(row) : more.Read(row - first.Count);

    /// <inheritdoc/>
    public override TextReader OpenText(int row) => row < first.Count ? first.OpenText(row) : more.OpenText(row - first.Count);

    /// <inheritdoc/>
    public override int LengthOf(int row) => row < first.Count ? first.LengthOf(row) : more.LengthOf(row - first.Count);

    /// <inheritdoc/>
    public override string Where(int row) => row < first.Count ? first.Where(row) : more.Where(row - first.Count);

    /// <inheritdoc/>
    public override void Dispose()
    {
        first.Dispose();
        more.Dispose();
        base.Dispose();
    }
}
