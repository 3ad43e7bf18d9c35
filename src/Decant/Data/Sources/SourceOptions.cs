namespace Decant.Data.Sources;

/// <summary>Where samples come from; each kind of source has its own record.</summary>
public abstract record SourceOptions
{
    /// <summary>Reads and checks the whole source: all of it now where it fits in memory, otherwise its index now and its samples when asked.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The samples; the caller disposes of them.</returns>
    /// <exception cref="DecantException">A file is missing, cut off, malformed or empty; the message says which, where and what to do.</exception>
    public abstract Dataset Open(CancellationToken cancellationToken = default);
}
