using System.Globalization;

namespace Decant.Hub.HuggingFace;

/// <summary>An answer of the hub, with what it said on the way: a file that is stored elsewhere is described by the hub's redirect, and sent by another host.</summary>
/// <param name="last">The answer that ended the way.</param>
internal sealed class HubResponse(HttpResponseMessage last) : IDisposable
{
    /// <summary>The answer that ended the way.</summary>
    public HttpResponseMessage Last => last;

    /// <summary>The commit that the file is of; null: not said.</summary>
    public string? Commit { get; private set; }

    /// <summary>The file's hash; null: not said.</summary>
    public ContentHash? Hash { get; private set; }

    /// <summary>The file's bytes; null: not said.</summary>
    public long? Size { get; private set; }

    /// <summary>Takes what the hub's own answers say of the file; those of other hosts are not asked.</summary>
    /// <param name="answer">An answer of the hub.</param>
    public void Take(HttpResponseMessage answer)
    {
        Commit ??= Header(answer, "X-Repo-Commit");
        Hash ??= ContentHash.Of(Header(answer, "X-Linked-Etag")) ?? (answer.IsSuccessStatusCode ? ContentHash.Of(Header(answer, "ETag")) : null);
        Size ??= long.TryParse(Header(answer, "X-Linked-Size"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null;
    }

    /// <summary>Goes on from the answer that led here.</summary>
    /// <param name="before">A redirect.</param>
    public void Continue(HubResponse before) => (Commit, Hash, Size) = (before.Commit, before.Hash, before.Size);

    /// <summary>A header as the server wrote it; null: it is not there.</summary>
    public static string? Header(HttpResponseMessage answer, string name) => answer.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    public void Dispose() => last.Dispose();
}
