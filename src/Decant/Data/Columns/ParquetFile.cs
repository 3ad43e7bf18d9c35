using Decant.Data.Sources;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace Decant.Data.Columns;

/// <summary>A Parquet file whose columns are read one row group at a time; what is wrong with it comes out as one kind of exception.</summary>
internal sealed class ParquetFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly ParquetReader _reader;

    /// <exception cref="DecantException">There is no such file, or it is no Parquet file, or it is damaged.</exception>
    public ParquetFile(string path)
    {
        Path = path;
        _stream = SourceFile.Open(path);
        try
        {
            RequireEnds();
            _reader = Guarded(() =>
            {
                ParquetBounds.CheckDescription(_stream.SafeFileHandle, _stream.Length);
                return ParquetReader.CreateAsync(_stream, leaveStreamOpen: true);
            });
            Columns = Guarded(() => Task.FromResult(_reader.Schema.Fields));
            Groups = [.. Enumerable.Range(0, Guarded(() => Task.FromResult(_reader.RowGroupCount))).Select(RowsOf)];
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    public string Path { get; }

    /// <summary>How many rows each row group has.</summary>
    public IReadOnlyList<int> Groups { get; }

    /// <summary>The columns in their order; lists and structures are one each.</summary>
    public IReadOnlyList<Field> Columns { get; }

    /// <summary>What the program that wrote it says beside the rows.</summary>
    public string? Metadata(string key) => Guarded(() => Task.FromResult(_reader.CustomMetadata.GetValueOrDefault(key)));

    /// <summary>The values of a column in a row group; the caller disposes of them.</summary>
    /// <exception cref="DecantException">The file is damaged.</exception>
    public RawColumnData Read(int group, DataField column)
    {
        return Guarded(async () =>
        {
            using var rows = _reader.OpenRowGroupReader(group);
            ParquetBounds.CheckPages(_stream.SafeFileHandle, _stream.Length, rows.GetMetadata(column)?.MetaData);
            return await rows.ReadRawColumnDataBaseAsync(column).ConfigureAwait(false);
        });
    }

    public DecantException Damaged(string what, Exception? inner = null) => new($"{Path}: the Parquet file is damaged ({what}); fetch the file again.", inner: inner);

    public void Dispose()
    {
        Guarded(async () =>
        {
            await _reader.DisposeAsync().ConfigureAwait(false);
            return 0;
        });
        _stream.Dispose();
    }

    /// <summary>The file begins and ends with its mark, and says before that how long the description of its columns is.</summary>
    private void RequireEnds()
    {
        Span<byte> head = stackalloc byte[4];
        Span<byte> end = stackalloc byte[ParquetBounds.EndBytes];
        if (_stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !(head.SequenceEqual("PAR1"u8) || head.SequenceEqual("PARE"u8)))
            throw new DecantException($"{Path}: expected a Parquet file, which begins with 'PAR1', came something else; files of text are read by 'kind: csv', 'tsv' or 'jsonl'.");
        _stream.Position = Math.Max(0, _stream.Length - ParquetBounds.EndBytes);
        if (_stream.ReadAtLeast(end, end.Length, throwOnEndOfStream: false) < end.Length || !(end[4..].SequenceEqual("PAR1"u8) || end[4..].SequenceEqual("PARE"u8)))
            throw Damaged("it does not end as a Parquet file does: it is cut off");
        if (head[3] == 'E' || end[7] == 'E')
            throw new DecantException($"{Path}: the Parquet file is encrypted, and such files are not read; save it without encryption.");
        _stream.Position = 0;
    }

    private int RowsOf(int group)
    {
        var rows = Guarded(() => Task.FromResult(_reader.OpenRowGroupReader(group).RowCount));
        return ParquetBounds.MayHold(rows, _stream.Length)
            ? (int)rows
            : throw Damaged($"row group {group + 1} is to have {rows:N0} rows, and the file {_stream.Length:N0} bytes");
    }

    /// <summary>The library has no exception of its own for a damaged file: whatever comes out of it means that.</summary>
    private T Guarded<T>(Func<Task<T>> read)
    {
        try
        {
            return read().GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is not DecantException)
        {
            throw Damaged(error.Message, error);
        }
    }
}
