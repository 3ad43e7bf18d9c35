using System.Runtime.ExceptionServices;
using Decant.Files;
using Decant.Text;

namespace Decant.Data.Tokens;

/// <summary>Encodes documents on several threads and writes their tokens in order.</summary>
internal sealed class TokenFileBuilder(Dataset documents, ITokenizer tokenizer, TokenFileKey key, TokenFileOptions options)
{
    private const int GroupChars = 1 << 19; // a thread's share of what is encoded at once
    private const int GroupPieces = 1 << 14;
    private static readonly TimeSpan s_leftAlone = TimeSpan.FromDays(1);

    public void Build(string path, CancellationToken cancellationToken)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        MakeFolder(folder);
        RemoveLeftovers(folder);
        try
        {
            AtomicFile.Write(path, stream => WriteAll(stream, cancellationToken));
        }
        catch (DecantException) when (TokenFileReader.Open(path, key, documents.Name) is { File: { } file })
        {
            file.Dispose(); // another process wrote it meanwhile and holds it open, which some systems do not let one replace
        }
    }

    private static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{folder}: the folder for token files cannot be made: {e.Message} Choose another one.", ExitCodes.Machine, e);
        }
    }

    /// <summary>What killed processes left. A young one may be another process's, still at work.</summary>
    private static void RemoveLeftovers(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.tokens.*.tmp").Where(file => DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > s_leftAlone).ToArray())
        {
            try
            {
                File.Delete(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
            }
        }
    }

    private void WriteAll(Stream stream, CancellationToken cancellationToken)
    {
        using var writer = new TokenFileWriter(stream, key);
        Group? encoded = null;
        var running = Task.CompletedTask;
        try
        {
            foreach (var group in Groups())
            {
                running.GetAwaiter().GetResult();
                running = Task.Run(() => group.Encode(tokenizer, options.Threads, cancellationToken), CancellationToken.None);
                if (encoded is not null) Write(encoded, writer); // beside the encoding of the next, and the next is read meanwhile too
                encoded = group;
                cancellationToken.ThrowIfCancellationRequested();
            }

            running.GetAwaiter().GetResult();
        }
        finally
        {
            ((IAsyncResult)running).AsyncWaitHandle.WaitOne(); // nothing goes on when this has returned, also after a fault
        }

        if (encoded is not null) Write(encoded, writer);
        writer.Finish();
    }

    private void Write(Group group, TokenFileWriter writer)
    {
        for (var i = 0; i < group.Pieces.Count; i++)
        {
            var piece = group.Pieces[i];
            var ids = group.Ids[i];
            foreach (var id in ids)
                if ((uint)id >= (uint)key.Vocabulary)
                    throw new DecantException($"{documents.Where(piece.Document)}: the tokenizer gave the id {id}, and its vocabulary has the ids 0 to {key.Vocabulary - 1}; the tokenizer's files do not fit together.");
            writer.Add(ids, piece.Bytes);
            if (piece.IsLast) writer.EndDocument();
        }

        options.Progress?.Report(new(writer.Documents, documents.Count, writer.Tokens, writer.TextBytes));
    }

    private IEnumerable<Group> Groups()
    {
        var group = new Group();
        for (var document = 0; document < documents.Count; document++)
        {
            using var reader = documents.OpenText(document);
            string? held = null; // one piece behind: only then is it known whether it is the last
            foreach (var piece in TextPieces.Cut(reader))
            {
                if (held is not null) group.Add(new(document, held, IsLast: false));
                held = piece;
                if (group.Chars < (long)GroupChars * options.Threads) continue;
                yield return group;
                group = new Group();
            }

            group.Add(new(document, held ?? "", IsLast: true));
            if (group.Pieces.Count < GroupPieces * options.Threads && group.Chars < (long)GroupChars * options.Threads) continue;
            yield return group;
            group = new Group();
        }

        if (group.Pieces.Count > 0) yield return group;
    }

    private readonly record struct Piece(int Document, string Text, bool IsLast)
    {
        public long Bytes => System.Text.Encoding.UTF8.GetByteCount(Text);
    }

    /// <summary>Pieces that are encoded together.</summary>
    private sealed class Group
    {
        public List<Piece> Pieces { get; } = [];

        public long Chars { get; private set; }

        public int[][] Ids { get; private set; } = [];

        public void Add(Piece piece)
        {
            Pieces.Add(piece);
            Chars += piece.Text.Length;
        }

        public void Encode(ITokenizer tokenizer, int threads, CancellationToken cancellationToken)
        {
            var ids = new int[Pieces.Count][];
            try
            {
                Parallel.For(0, ids.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, i => ids[i] = tokenizer.Encode(Pieces[i].Text));
            }
            catch (AggregateException e)
            {
                ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions[0]);
            }

            Ids = ids;
        }
    }
}
