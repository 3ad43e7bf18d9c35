using Decant.Data;
using Decant.Data.Duplicates;

namespace Decant.Runs.Jobs.Overlapping;

/// <summary>Rows of data files as texts to compare.</summary>
internal static class RowTexts
{
    /// <summary>The text of a row; of a pair both, of documents their query, of a prompt with its completion, of words joined by spaces.</summary>
    /// <exception cref="DecantException">The row is no text.</exception>
    public static string Of(Dataset data, int row) => data[row].Content switch
    {
        TextContent text => text.Pair is null ? text.Text : $"{text.Text}\n{text.Pair}",
        RankingContent ranking => ranking.Query,
        PromptContent prompt => prompt.Prompt + prompt.Completion,
        ChatContent chat => chat.Text,
        WordsContent words => string.Join(' ', words.Words),
        _ => throw new DecantException($"{data.Where(row)}: expected a text to compare, came none. Name files of texts."),
    };

    /// <summary>An index of all rows of some files, which are read again when something is found.</summary>
    public static OverlapIndex Index(IReadOnlyList<Dataset> files, OverlapOptions options, CancellationToken cancellationToken)
    {
        var index = new OverlapIndex(options, number => At(files, number));
        foreach (var file in files)
        {
            for (var row = 0; row < file.Count; row++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                index.Add(Of(file, row));
            }
        }

        return index;
    }

    private static string At(IReadOnlyList<Dataset> files, int number)
    {
        var file = 0;
        for (; number >= files[file].Count; file++)
            number -= files[file].Count;
        return Of(files[file], number);
    }
}
