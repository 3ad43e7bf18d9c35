using System.IO.MemoryMappedFiles;
using Decant.Text;

namespace Decant.Data.Tokens;

/// <summary>The token ids of a whole source, one document after another with an end of text after each, in one memory-mapped file.</summary>
/// <remarks>
/// It is built once and kept: its name is made of the tokenizer's and the source's hash. It is written under another name and renamed when it is whole, so that
/// it is there as a whole or not at all, also where several processes build it at once. Its checksum is compared when it is opened; a damaged one is built anew.
/// Tokens are uint16 where the vocabulary has at most 65,536 of them, otherwise int32. Reading is safe from several threads.
/// </remarks>
internal sealed class TokenFile : IDisposable
{
    private readonly TokenFileHeader _header;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    internal TokenFile(string path, TokenFileHeader header, MemoryMappedFile file, MemoryMappedViewAccessor view) => (Path, _header, _file, _view) = (path, header, file, view);

    /// <summary>Where the file is.</summary>
    public string Path { get; }

    /// <summary>The name of the source in messages.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>N, the tokens of all documents with an end of text after each.</summary>
    public long Count => _header.Tokens;

    /// <summary>D, the documents.</summary>
    public long Documents => _header.Documents;

    /// <summary>The bytes of UTF-8 of all documents, without what separates them.</summary>
    public long TextBytes => _header.TextBytes;

    /// <summary>Documents of which nothing but the end of text is there: without text, or with none that the tokenizer knows.</summary>
    public long EmptyDocuments => _header.EmptyDocuments;

    /// <summary>V: every id is below it.</summary>
    public int VocabularySize => _header.Key.Vocabulary;

    /// <summary>The id that stands after each document.</summary>
    public int EndOfText => _header.Key.EndOfText;

    /// <summary>Opens the token file of a source in a folder, and builds it first where it is missing, damaged, or made of something else.</summary>
    /// <param name="documents">Texts without pairs; every sample is a document.</param>
    /// <param name="tokenizer">Makes the ids; special tokens that it puts around a model's input are not used.</param>
    /// <param name="endOfText">The id to put after each document.</param>
    /// <param name="folder">Where token files are kept; made where it is missing.</param>
    /// <param name="options">Threads, and handlers of notices and progress; null: the defaults.</param>
    /// <param name="cancellationToken">Stops the building; what was written is removed.</param>
    /// <returns>The file; the caller disposes of it.</returns>
    /// <exception cref="DecantException">A sample is no text, an id is outside of the vocabulary, or the folder cannot be written.</exception>
    public static TokenFile OpenOrBuild(
        Dataset documents, ITokenizer tokenizer, int endOfText, string folder, TokenFileOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new TokenFileOptions();
        if (endOfText < 0 || endOfText >= tokenizer.VocabularySize)
            throw new DecantException($"{documents.Name}: the end of text is to be token {endOfText}, and the vocabulary has the ids 0 to {tokenizer.VocabularySize - 1}; name one of them.");
        var key = TokenFileKey.Of(documents, tokenizer, endOfText);
        var path = System.IO.Path.Combine(folder, key.FileName);
        var (file, fault) = TokenFileReader.Open(path, key, documents.Name);
        if (file is not null) return file;
        if (fault is not null) options.Notice?.Invoke($"{path}: {fault}; the token file is built anew.");
        new TokenFileBuilder(documents, tokenizer, key, options).Build(path, cancellationToken);
        (file, fault) = TokenFileReader.Open(path, key, documents.Name);
        if (file is null) throw new DecantException($"{path}: the token file was written, and {fault ?? "is gone"}; is the disk sound, and is another program at work in the folder?", ExitCodes.Machine);
        if (file.EmptyDocuments > 0) options.Notice?.Invoke($"{documents.Name}: {file.EmptyDocuments:N0} of {file.Documents:N0} documents have no tokens; nothing but their end is there.");
        return file;
    }

    /// <summary>Copies tokens out.</summary>
    /// <param name="start">The first, from 0.</param>
    /// <param name="ids">[n] is filled with tokens start … start + n − 1.</param>
    public void Read(long start, Span<int> ids)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Count - ids.Length);
        var handle = _view.SafeMemoryMappedViewHandle;
        if (_header.Key.Width == sizeof(int))
        {
            handle.ReadSpan((ulong)(TokenFileHeader.Size + (start * sizeof(int))), ids);
            return;
        }

        Span<ushort> part = stackalloc ushort[1024];
        for (var done = 0; done < ids.Length;)
        {
            var some = part[..Math.Min(part.Length, ids.Length - done)];
            handle.ReadSpan((ulong)(TokenFileHeader.Size + ((start + done) * sizeof(ushort))), some);
            for (var i = 0; i < some.Length; i++) ids[done + i] = some[i];
            done += some.Length;
        }
    }

    /// <summary>The first token of a document, from 0.</summary>
    public long StartOf(long document) => document == Documents ? Count : _view.ReadInt64(_header.StartsOffset + (Checked(document) * sizeof(long)));

    /// <summary>The document that a token belongs to, its end of text included.</summary>
    public long DocumentOf(long token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, Count);
        var (low, high) = (0L, Documents - 1);
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            if (StartOf(middle) <= token) low = middle;
            else high = middle - 1;
        }

        return low;
    }

    /// <summary>
    /// The bytes of UTF-8 that the first tokens say: exact at the ends of documents, and shared out evenly among the tokens of one, so that parts sum to the whole.
    /// An end of text says none.
    /// </summary>
    /// <param name="tokens">How many of the first tokens, 0 to <see cref="Count"/>.</param>
    public long BytesBefore(long tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens, Count);
        if (tokens == Count) return TextBytes;
        var document = DocumentOf(tokens);
        var (start, before) = (StartOf(document), BytesBeforeDocument(document));
        var words = StartOf(document + 1) - start - 1; // without the end of text
        if (words == 0) return before;
        return before + (long)((UInt128)(BytesBeforeDocument(document + 1) - before) * (ulong)(tokens - start) / (ulong)words);
    }

    /// <summary>The last token before which at most so many bytes of the text are (<see cref="BytesBefore"/>).</summary>
    public long TokenAt(long bytes)
    {
        var (low, high) = (0L, Count - 1);
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            if (BytesBefore(middle) <= bytes) low = middle;
            else high = middle - 1;
        }

        return low;
    }

    /// <summary>Closes the file; it stays where it is.</summary>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private long BytesBeforeDocument(long document) => document == Documents ? TextBytes : _view.ReadInt64(_header.BytesOffset + (Checked(document) * sizeof(long)));

    private long Checked(long document)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(document);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(document, Documents);
        return document;
    }
}
