using System.Net;
using Decant.Files;

namespace Decant.Hub.HuggingFace;

/// <summary>Fetches a content into the cache: resumed where an earlier attempt ended, checked as a whole, and only then under its name.</summary>
/// <param name="settings">How patient the client is.</param>
/// <param name="http">Sends requests.</param>
/// <param name="answers">Says what statuses mean.</param>
/// <param name="cache">Where to.</param>
/// <param name="meter">Told what comes in.</param>
/// <param name="clock">The clock.</param>
internal sealed class FileDownload(HubSettings settings, HubHttp http, HubAnswers answers, HubCache cache, DownloadMeter meter, TimeProvider clock)
{
    private const int BufferBytes = 1 << 18;
    private const int LeastBytes = 4096; // in the time in which a file may stall
    private const int MostRestarts = 2; // of a content that came in full and was another

    /// <summary>Fetches a file's content, unless it is here.</summary>
    /// <param name="subject">The model and the file, for messages.</param>
    /// <param name="address">The file on the hub.</param>
    /// <param name="file">What it must be.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="cancellationToken">Stops; what has come stays.</param>
    /// <returns>Whether it was fetched; false: it was here.</returns>
    /// <exception cref="DecantException">It could not be had, or what came is another content.</exception>
    public async Task<bool> Fetch(string subject, Uri address, string file, ContentHash hash, long size, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(cache.Blob(hash))!);
        using var turn = await Turn(subject, cache.Lock(hash), cancellationToken).ConfigureAwait(false);
        if (cache.Has(hash, size)) // another process may have fetched it meanwhile
            return false;
        var retries = new Retries(settings, subject, clock, meter.Tell) { HasBegun = true };
        for (var restart = 0; ; restart++)
        {
            await All(subject, address, file, cache.Incomplete(hash), hash, size, retries, cancellationToken).ConfigureAwait(false);
            if (hash.OfFile(cache.Incomplete(hash), cancellationToken) is var came && came == hash.Hex)
                break;
            var what = PlaceholderFile.NameOf(PlaceholderFile.Head(cache.Incomplete(hash)));
            File.Delete(cache.Incomplete(hash));
            if (restart >= MostRestarts)
                throw new DecantException($"{subject}: expected {size:N0} bytes with the hash {hash.Hex}, came {what ?? $"others, with the hash {came}"}. It was thrown away {restart + 1} times. Something changes it on the way: try another network, or look at HF_ENDPOINT.", ExitCodes.Machine);
            await retries.Wait(new TransientFault("what came is not the file"), cancellationToken).ConfigureAwait(false);
        }

        FlushToDisk(cache.Incomplete(hash));
        File.Move(cache.Incomplete(hash), cache.Blob(hash), overwrite: true);
        return true;
    }

    /// <summary>Appends to a file until it has all its bytes.</summary>
    private async Task All(string subject, Uri address, string file, string part, ContentHash hash, long size, Retries retries, CancellationToken cancellationToken)
    {
        using var stream = new FileStream(part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);
        if (stream.Length > size)
            stream.SetLength(0);
        stream.Seek(0, SeekOrigin.End);
        while (stream.Position < size)
        {
            var before = stream.Position;
            meter.At(before, 0);
            try
            {
                await Some(subject, address, file, stream, hash, size, cancellationToken).ConfigureAwait(false);
                if (stream.Position < size)
                    throw new TransientFault($"the connection was cut after {HubText.Bytes(stream.Position)} of {HubText.Bytes(size)}");
            }
            catch (TransientFault fault)
            {
                if (stream.Position > before)
                    retries.Progressed();
                await retries.Wait(fault, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Appends what one answer brings.</summary>
    private async Task Some(string subject, Uri address, string file, FileStream stream, ContentHash hash, long size, CancellationToken cancellationToken)
    {
        using var response = await http.Send(HttpMethod.Get, address, stream.Position, cancellationToken).ConfigureAwait(false);
        var answer = response.Last;
        if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            stream.SetLength(0);
            throw new TransientFault("the server cannot go on from there, so it begins anew");
        }

        answers.Check(answer, file);
        if ((response.Hash is { } said && said != hash) || (response.Size is { } bytes && bytes != size))
            throw new DecantException($"{subject}: the listing says {size:N0} bytes with the hash {hash.Hex}, and the answer speaks of {response.Size ?? size:N0} bytes with {response.Hash?.Hex}. Nothing was kept; try again later, for the repository may be changing.", ExitCodes.Machine);
        if (answer.StatusCode != HttpStatusCode.PartialContent || answer.Content.Headers.ContentRange?.From != stream.Position)
        {
            if (answer.StatusCode == HttpStatusCode.PartialContent || (answer.Content.Headers.ContentLength is { } length && length != size))
                throw new TransientFault($"expected {HubText.Bytes(size)}, came {await Other(answer, cancellationToken).ConfigureAwait(false)}");
            stream.SetLength(0); // it sends all of it, from the start
        }

        await Copy(answer, stream, size, cancellationToken).ConfigureAwait(false);
    }

    private async Task Copy(HttpResponseMessage answer, FileStream stream, long size, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(settings.StallTimeout);
        var (buffer, sinceReset) = (new byte[BufferBytes], 0);
        using var body = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        for (int read; (read = await Read(body, buffer, stall.Token, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            if (stream.Position + read > size)
            {
                stream.SetLength(0);
                throw new TransientFault($"more than the {HubText.Bytes(size)} of the file came");
            }

            stream.Write(buffer, 0, read);
            meter.At(stream.Position, read);
            if ((sinceReset += read) < LeastBytes)
                continue;
            sinceReset = 0;
            stall.CancelAfter(settings.StallTimeout);
        }
    }

    private async Task<int> Read(Stream body, byte[] buffer, CancellationToken stall, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(buffer, stall).ConfigureAwait(false);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new TransientFault("the connection was cut", null, error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientFault($"next to nothing came for {HubText.Duration(settings.StallTimeout)}", null, error);
        }
    }

    /// <summary>What an answer of another length brings, in words.</summary>
    private async Task<string> Other(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(settings.StallTimeout);
        var head = new byte[PlaceholderFile.HeadBytes];
        using var body = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var read = await Read(body, head, stall.Token, cancellationToken).ConfigureAwait(false);
        return PlaceholderFile.NameOf(head.AsSpan(0, read)) ?? (answer.Content.Headers.ContentLength is { } length ? HubText.Bytes(length) : "another part");
    }

    private async Task<FileLock> Turn(string subject, string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var isTold = false; ; isTold = true)
        {
            if (FileLock.TryTake(path) is { } taken)
                return taken;
            if (!isTold)
                meter.Tell($"another process fetches {subject}; it is waited for ({path})");
            await Task.Delay(TimeSpan.FromMilliseconds(200), clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void FlushToDisk(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);
        stream.Flush(flushToDisk: true);
    }
}
