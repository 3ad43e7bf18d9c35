namespace Decant.Tests.Hub;

/// <summary>A request that a <see cref="FakeHub"/> got.</summary>
/// <param name="Host">The server that got it: <c>hub</c>, or <c>cdn</c>, the other host that large files come from.</param>
/// <param name="Method">GET or HEAD.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Headers">By name in lower case.</param>
internal sealed record HubRequest(string Host, string Method, string Path, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The first byte that is asked for.</summary>
    public int From => Headers.TryGetValue("range", out var range) ? int.Parse(range["bytes=".Length..].TrimEnd('-')) : 0;
}
