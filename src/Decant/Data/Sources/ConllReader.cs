using System.Text;
using Decant.Data.Labels;

namespace Decant.Data.Sources;

/// <summary>Reads lines of columns into sentences.</summary>
internal sealed class ConllReader(ConllOptions options, Encoding encoding)
{
    private static readonly char[] s_spaces = [' ', '\t'];
    private readonly RowFaults _faults = new(options.File);
    private readonly List<SampleContent> _sentences = [];
    private readonly List<long> _lines = [];
    private readonly TagColumnBuilder _tags = new();
    private readonly List<string> _words = [];
    private readonly List<string> _wordTags = [];
    private long _firstLine;

    public Dataset Read(LineScanner scanner, CancellationToken cancellationToken)
    {
        while (scanner.TryRead(out var record))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                Add(TextEncoding.Decode(encoding, scanner.Bytes.Span), record.Line);
            }
            catch (RowFaultException e)
            {
                _faults.Add(record.Line, e.Message);
            }
        }

        EndSentence();
        _faults.ThrowIfAny();
        var store = new MemoryStore(_sentences, [.. _sentences.Select(ContentHash.Of)]) { Name = options.File, Lines = _lines };
        return Dataset.Create(store, _tags, options.Classes);
    }

    private void Add(string line, long number)
    {
        // Only these two are blank: corpora of social media have words that Unicode calls white space.
        if (line.AsSpan().IndexOfAnyExcept(s_spaces) < 0)
        {
            EndSentence();
            return;
        }

        if (line.StartsWith("-DOCSTART-", StringComparison.Ordinal)) return;
        var columns = line.Contains('\t') ? line.Split('\t') : line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var word = Column(columns, options.WordColumn, "word");
        if (_words.Count == 0) _firstLine = number;
        _words.Add(word);
        if (options.Tags) _wordTags.Add(Tag(columns));
    }

    private string Tag(string[] columns)
    {
        if (options.TagColumn is null && columns.Length < 2) throw new RowFaultException("expected a word and its tag, came one column; say 'tags: false' for unlabelled sentences");
        return Column(columns, options.TagColumn ?? columns.Length, "tag").Trim();
    }

    private static string Column(string[] columns, int number, string what)
    {
        if (number > columns.Length) throw new RowFaultException($"the {what} is to be in column {number}, and the line has {columns.Length}");
        return string.IsNullOrEmpty(columns[number - 1]) ? throw new RowFaultException($"the {what} (column {number}) is empty") : columns[number - 1];
    }

    private void EndSentence()
    {
        if (_words.Count == 0) return;
        _sentences.Add(new WordsContent([.. _words]));
        _lines.Add(_firstLine);
        _tags.Add(options.Tags ? [.. _wordTags] : null);
        _words.Clear();
        _wordTags.Clear();
    }
}
