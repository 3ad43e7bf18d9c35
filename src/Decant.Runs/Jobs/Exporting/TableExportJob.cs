using Decant.Data.Retrieval;
using Decant.Export;
using Decant.Export.Tables;
using Decant.Files;
using Decant.Models.Configuration;
using Decant.Models.FromTeacher;
using Decant.Models.Static;
using Decant.Modules;
using Decant.Runs.Exporting;
using Decant.Runs.Hardware;
using Decant.Runs.Jobs.Prediction;
using Decant.Runs.Preparing;
using Decant.Text;
using Decant.Text.Files;
using Decant.Text.Restriction;

namespace Decant.Runs.Jobs.Exporting;

/// <summary>A static model that was written with smaller rows.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Rows">How the rows are stored: float32, float16 or int8.</param>
/// <param name="Tokens">V, how many rows there are.</param>
/// <param name="Bytes">The size of the weights.</param>
/// <param name="AllBytes">The size of all files of the folder.</param>
internal sealed record TableExportResult(string Folder, string Rows, long Tokens, long Bytes, long AllBytes)
{
    /// <summary>How many of the words that were given have rows of their own.</summary>
    public int Words { get; init; }

    /// <summary>The words that have none, and why.</summary>
    public IReadOnlyList<LeftOutWord> LeftOut { get; init; } = [];
}

/// <summary>Writes a static model in Model2Vec's layout, which model2vec, sentence-transformers and <c>Decant.Inference</c> open. Of another model that makes vectors of texts, a static one is made first.</summary>
internal static class TableExportJob
{
    /// <summary>Writes the folder.</summary>
    /// <param name="model">A model's folder, or a run's (its student).</param>
    /// <param name="request">Where to, and how.</param>
    /// <exception cref="DecantException">The model makes no vectors of texts, it is a table already and words or dimensions are wanted, or something is in the folder already. Nothing is left behind.</exception>
    public static TableExportResult Run(string model, TableExportRequest request)
    {
        ArgumentException.ThrowIfNullOrEmpty(request.Output);
        var (path, folder, rows) = (EvaluateJob.ModelPath(model), Path.GetFullPath(request.Output), Enum.Parse<RowFormat>($"{request.Rows}"));
        if (Path.TrimEndingDirectorySeparator(folder) == Path.TrimEndingDirectorySeparator(path))
            throw new DecantException($"{folder} is the model's own folder, whose rows would be lost; name another with --out.");
        string[] words = request.Vocabulary is { } file ? Words(file) : [];
        using var target = new NewFolder(folder);
        MachineFacts.Prepare(null);
        using var loaded = ModelFolder.Load(path);
        if (loaded is StaticTextModel table)
        {
            if (request.Dimensions is not null || request.Vocabulary is not null)
                throw new DecantException($"{path} is a table already, whose rows are made; dimensions and words are for a model that a table is made of: name that one, or leave --dimensions and --vocabulary out.");
            TableFolder.Write(target.Filled, table, rows);
            CompanionFiles.CopyBeside(path, target.Filled);
            _ = CompanionFiles.WriteTokenizer(path, target.Filled, TextLimit.Of(path, table));
            target.Complete();
            return Result(folder, table, rows);
        }

        if (loaded is not IConfigured { Config.Task: ModelTask.Embedding })
            throw new DecantException($"{path}: expected a model that makes vectors of texts (task: embedding), of which a table is made, or a static one; came one of kind '{loaded.Kind}' for another task. A classifier becomes static in a recipe: student: {{ from-teacher: {{ static: … }} }}.");
        using var made = Made(path, loaded, request.Dimensions is { } width ? new() { Dimensions = width } : new(), words, out var tokenizer, out var leftOut);
        TableFolder.Write(target.Filled, made, rows);
        TokenizerFile.Save(tokenizer, target.Filled, TextLimit.Of(path, loaded));
        target.Complete();
        return Result(folder, made, rows) with { Words = words.Length - leftOut.Count, LeftOut = leftOut };
    }

    private static string[] Words(string file)
    {
        string[] words = [.. TextLines.Of(file).Select(line => line.Line)];
        return words.Length > 0 ? words : throw new DecantException($"{file} has no words; expected a word or phrase on each line. Leave --vocabulary out where none is to get a row of its own.");
    }

    private static StaticTextModel Made(string path, Model teacher, StaticOfTeacher options, IReadOnlyList<string> words, out ITokenizer tokenizer, out IReadOnlyList<LeftOutWord> leftOut)
    {
        var restricted = TokenizerFile.Load(path).WithoutPlaceholders();
        using var cut = StudentFromTeacher.Make(teacher, new PartOfTeacher(), restricted.Kept);
        cut.Eval();
        var extended = VocabularyWithWords.Of(restricted.Tokenizer, words);
        (tokenizer, leftOut) = (extended.Tokenizer, extended.LeftOut);
        var texts = TokenTable.Of(tokenizer, restricted.Tokenizer, extended.Pieces);
        var context = new ModelContext
        {
            Task = ModelTask.Embedding,
            Classes = 0,
            VocabularySize = tokenizer.VocabularySize,
            PadToken = tokenizer.Special.Filler,
            IgnoredTokens = ContentlessTokens.Of(tokenizer),
            LearnsFromTeacher = true,
        };
        using var vectors = new TokenTable();
        return (StaticTextModel)StaticFromTeacher.Make(options, texts, context, () => vectors.Vectors(cut, texts, restricted.Tokenizer.Special.Filler));
    }

    private static TableExportResult Result(string folder, StaticTextModel table, RowFormat rows) => new(
        folder, rows.ToString().ToLowerInvariant(), table.Embeddings.Size(0), new FileInfo(Path.Combine(folder, ModelFolder.WeightsName)).Length,
        Directory.EnumerateFiles(folder).Sum(f => new FileInfo(f).Length));
}
