using Decant.Data;
using Decant.Data.Columns;
using Decant.Data.Sources;
using Decant.Runs.Recipes.Templates;

namespace Decant.Runs.Jobs.Overlapping;

/// <summary>Opens a data file that is named alone, by what it looks like: CSV, TSV, JSON, CoNLL, lines of a label and a text, or lines of text.</summary>
internal static class GuessedRows
{
    /// <summary>Opens it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="column">The column of the text, where there are columns; null: guessed, with that of a second text.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="DecantException">It cannot be read, is no text, or no column looks like the text.</exception>
    public static Dataset Open(string file, string? column, CancellationToken cancellationToken)
    {
        var guess = DataGuess.Of(file);
        var encoding = guess.Encoding ?? "utf-8";
        SourceOptions source = guess.Kind switch
        {
            "csv" => new CsvOptions { File = file, Encoding = encoding, Text = Text(file, guess, column), Pair = Pair(guess, column), Label = null, Header = guess.HasHeader, Delimiter = $"{guess.Delimiter ?? ','}", Empty = EmptyRows.Drop },
            "tsv" => new TsvOptions { File = file, Encoding = encoding, Text = Text(file, guess, column), Pair = Pair(guess, column), Label = null, Header = guess.HasHeader, Empty = EmptyRows.Drop },
            "jsonl" => new JsonlOptions { File = file, Encoding = encoding, Text = Text(file, guess, column), Pair = Pair(guess, column), Label = null, Empty = EmptyRows.Drop },
            "parquet" => new ParquetSourceOptions { Files = [file], Text = Text(file, guess, column), Pair = Pair(guess, column), Label = null, Empty = EmptyRows.Drop },
            "conll" => new ConllOptions { File = file, Encoding = encoding },
            "labelled-lines" => new LabelledLinesOptions { File = file, Encoding = encoding, Empty = EmptyRows.Drop },
            "text" => new LinesOptions { File = file, Encoding = encoding },
            _ => throw new DecantException($"{file}: expected texts to compare (CSV, TSV, JSON lines, Parquet or lines of text), came images by its name."),
        };
        return source.Open(cancellationToken);
    }

    private static string Text(string file, DataGuess guess, string? column) => column ?? guess.Text
        ?? throw new DecantException($"{file}: no column looks like the text alone; it has {string.Join(", ", guess.Columns.Take(30).Select(c => $"'{c}'"))}. Name it with --text.");

    private static string? Pair(DataGuess guess, string? column) => column is null && guess.Other is null ? guess.Pair : null;
}
