using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Writing;

namespace Decant.Runs.Recipes.Templates;

/// <summary>What a new recipe is written for.</summary>
internal sealed record TemplateRequest
{
    /// <summary>One of <see cref="RecipeTemplates.Tasks"/>.</summary>
    public required string Task { get; init; }

    /// <summary>The training data, as it is to stand in the recipe.</summary>
    public required string Data { get; init; }

    /// <summary>Where the data can be looked at now; default: <see cref="Data"/>.</summary>
    public string? DataNow { get; init; }

    /// <summary>The recipe's name; default: the data file's.</summary>
    public string? Name { get; init; }

    /// <summary>The column of the text; by default guessed from the file.</summary>
    public string? TextColumn { get; init; }

    /// <summary>The column of the second text of a pair; by default guessed from the file.</summary>
    public string? PairColumn { get; init; }

    /// <summary>Whether the first row of a table names the columns, which are numbers from 1 where it does not; null: that is guessed from the file.</summary>
    public bool? HasHeader { get; init; }

    /// <summary>The classes that a chat model chooses from; of other tasks none.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>The types of spans that a chat model looks for; none: those of the tags in the file's first lines.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>The column of the label; by default guessed from the file.</summary>
    public string? LabelColumn { get; init; }
}

/// <summary>Writes a first recipe for a task and a data file: it runs as it stands, and its comments say what to change.</summary>
internal static class RecipeTemplates
{
    private const string TextTask = "text-classification";
    private const string NumberTask = "text-regression";
    private const string ImageTask = "image-classification";
    private const string PromptTask = "classifier-from-prompt";
    private const string SpanTask = "extractor-from-prompt";
    private const string ScoreTask = "scorer-from-prompt";
    private const string WriteTask = "writer-from-prompt";

    /// <summary>The task whose file is no recipe, but for <c>decant synthesize</c>.</summary>
    public const string SynthesisTask = "synthesize";

    private const int MostColumns = 30; // that messages list

    /// <summary>The tasks there are templates for, with what each is.</summary>
    public static IReadOnlyList<(string Task, string About)> Tasks { get; } =
    [
        (TextTask, "a class for each text: CSV, TSV, JSONL, Parquet, or lines of a label and a text"),
        (NumberTask, "a number for each text or pair of texts: CSV, TSV, JSONL or Parquet"),
        (PromptTask, "a class for each text, given by a chat model behind an API; few or no labels needed"),
        (SpanTask, "spans in texts, found by a chat model behind an API: words with tags (CoNLL)"),
        (ScoreTask, "a number for each text or pair of texts, given by a chat model behind an API; few numbers needed"),
        (WriteTask, "a text for each prompt, written by a chat model behind an API; a column of prompts (--text), and one of what people wrote (--label)"),
        (SynthesisTask, "new texts like those of a file, written by a chat model behind an API; not a recipe, but a file for 'decant synthesize'"),
        (ImageTask, "a class for each image: IDX files (MNIST), CIFAR's binary files, or a folder with a sub-folder of pictures for each class"),
    ];

    /// <summary>The recipe's text.</summary>
    /// <param name="request">The task and the data.</param>
    /// <exception cref="DecantException">There is no such task, the file does not suit it, or its columns cannot be guessed.</exception>
    public static string Write(TemplateRequest request) => WriteNoting(request).Recipe;

    /// <summary>The recipe's text, and what was taken for what in the file, in sentences without their full stop.</summary>
    /// <param name="request">The task and the data.</param>
    /// <exception cref="DecantException">There is no such task, the file does not suit it, or its columns cannot be guessed.</exception>
    public static (string Recipe, IReadOnlyList<string> Notes) WriteNoting(TemplateRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var names = Tasks.Select(t => t.Task).ToList();
        if (!names.Contains(request.Task))
            throw new DecantException($"There is no template for the task '{request.Task}'{Suggestion.Ending(request.Task, names, "there are")}");

        var looked = request.DataNow ?? request.Data;
        if (!Path.Exists(looked)) throw new DecantException($"{looked}: there is no such data file.");
        var guess = DataGuess.Of(looked, request.HasHeader);
        var isImages = request.Task == ImageTask;
        if (guess.IsImages != isImages)
            throw new DecantException($"{looked}: expected {(isImages ? "images (IDX, CIFAR's .bin, or a folder with a sub-folder of pictures for each class)" : "text (CSV, TSV, JSONL or lines)")} for {request.Task}, "
                + $"came {(guess.IsImages ? "images" : "text")} by the file's name.");

        var name = YamlText.Value(request.Name ?? Path.GetFileNameWithoutExtension(request.Data));
        if (isImages) return (ImageTemplate.Write(name, request.Data, guess, TemplateCost.Lines(guess.Kind == "image-folder" ? null : TemplateCost.OfImages(looked, guess.Kind == "idx"))), []);
        if (request.Task == SynthesisTask && request.Classes.Count == 0 && guess.Columns.Count > 0)
            return (SynthesisTemplate.Write(name, Unlabelled(request, guess, looked), []), [$"it is {guess.Words}"]);
        if (request.Task == WriteTask)
        {
            var (prompts, columns) = Prompts(request, guess, looked);
            return (WriterTemplate.Write(name, prompts), [$"it is {guess.Words}", columns]);
        }

        if (request.Task == SpanTask)
            return SpanTemplate.Write(name, request, guess, looked);
        var (source, notes) = Source(request, guess, looked);
        if (request.Task == SynthesisTask)
            return (SynthesisTemplate.Write(name, source, request.Classes.Count == 0 ? [] : Classes(request)), notes);
        var seeds = TemplateCost.Lines(TemplateCost.OfText(looked));
        if (request.Task == PromptTask)
            return (ChatTemplate.Write(name, source, Classes(request)), notes);
        if (request.Task == ScoreTask)
            return (ScoreTemplate.Write(name, source, ColumnCheck.Ends(guess, request.LabelColumn ?? guess.Label!), source.Contains("pair: ", StringComparison.Ordinal)), notes);
        return (request.Task == NumberTask ? RegressionTemplate.Write(name, source, seeds) : TextTemplate.Write(name, source, seeds), notes);
    }

    private static IReadOnlyList<string> Classes(TemplateRequest request)
    {
        string[] classes = [.. request.Classes.Select(c => c.Trim()).Where(c => c.Length > 0).Distinct(StringComparer.Ordinal)];
        return classes.Length >= 2 ? classes : throw new DecantException($"{request.Task}: expected two classes or more, came {classes.Length}. Name them: --classes weather,cooking,sport");
    }

    /// <summary>A table of which the text alone is read.</summary>
    private static string Unlabelled(TemplateRequest request, DataGuess guess, string looked)
    {
        var keys = new List<string> { $"kind: {guess.Kind}", $"{guess.FileKey}: {YamlText.Value(request.Data)}" };
        if (guess.Encoding is { } encoding) keys.Add($"encoding: {encoding}");
        if (guess.Delimiter is { } delimiter) keys.Add($"delimiter: \"{delimiter}\"");
        if (!guess.HasHeader) keys.Add("header: false");
        var text = Column(request.TextColumn ?? guess.Text, "text", guess, looked);
        keys.AddRange([$"text: {YamlText.Value(text)}", "label: null"]);
        if (ColumnCheck.HasEmptyText(guess, text)) keys.Add("empty: drop");
        return $"{{ {string.Join(", ", keys)} }}";
    }

    /// <summary>A table of prompts with completions, in the columns that are named, or the first two.</summary>
    private static (string Source, string Columns) Prompts(TemplateRequest request, DataGuess guess, string looked)
    {
        if (guess.Columns.Count < 2)
            throw new DecantException($"{looked}: expected a table with a column of prompts and one of completions (CSV, TSV or JSONL) for {request.Task}, came {guess.Words}.");
        var keys = new List<string> { $"kind: {guess.Kind}", $"{guess.FileKey}: {YamlText.Value(request.Data)}" };
        if (guess.Encoding is { } encoding) keys.Add($"encoding: {encoding}");
        if (guess.Delimiter is { } delimiter) keys.Add($"delimiter: \"{delimiter}\"");
        if (!guess.HasHeader) keys.Add("header: false");
        var prompt = Column(request.TextColumn ?? guess.Columns[0], "text", guess, looked);
        var completion = Column(request.LabelColumn ?? guess.Columns.First(c => c != prompt), "label", guess, looked);
        return ($"{{ {string.Join(", ", [.. keys, $"prompt: {YamlText.Value(prompt)}", $"completion: {YamlText.Value(completion)}", "empty: drop"])} }}", $"the prompts are '{prompt}', and what people wrote is '{completion}' (--text, --label)");
    }

    private static (string Source, IReadOnlyList<string> Notes) Source(TemplateRequest request, DataGuess guess, string looked)
    {
        var keys = new List<string> { $"kind: {guess.Kind}", $"{guess.FileKey}: {YamlText.Value(request.Data)}" };
        var notes = new List<string> { $"it is {guess.Words}{(guess.Encoding is { } named ? $", by its bytes in {named}" : "")}" };
        if (guess.Encoding is { } encoding) keys.Add($"encoding: {encoding}");
        var isChosen = request.TextColumn is not null && request.LabelColumn is not null;
        if (guess.Other is { } other && !(isChosen && guess.Columns.Count > 0)) throw ColumnCheck.Other(looked, $"it holds {other.What}", other.Recipe);
        var isNumber = request.Task is NumberTask or ScoreTask;
        if (guess.Kind == "labelled-lines" && isNumber) throw new DecantException($"{looked}: expected a table with a column of numbers (CSV, TSV or JSONL) for {request.Task}, came {guess.Words}.");
        if (guess.Kind == "labelled-lines") return ($"{{ {string.Join(", ", keys)} }}", notes);

        var text = Column(request.TextColumn ?? guess.Text, "text", guess, looked);
        var label = Column(request.LabelColumn ?? guess.Label, "label", guess, looked);
        var second = request.PairColumn ?? (request.TextColumn is null ? guess.Pair : null);
        var pair = second is null ? null : Column(second, "pair", guess, looked);
        if (isNumber) ColumnCheck.Number(looked, guess, label);
        else ColumnCheck.Label(looked, guess, label);
        if (guess.Delimiter is { } delimiter) keys.Add($"delimiter: \"{delimiter}\"");
        if (!guess.HasHeader) keys.Add("header: false");
        keys.Add($"text: {YamlText.Value(text)}");
        if (pair is not null) keys.Add($"pair: {YamlText.Value(pair)}");
        keys.Add(isNumber ? $"target: [{YamlText.Value(label)}]" : $"label: {YamlText.Value(label)}");
        if (ColumnCheck.HasEmptyText(guess, text)) keys.Add("empty: drop");
        notes.AddRange(ColumnCheck.Notes(guess, text, pair, label, isNumber));
        return ($"{{ {string.Join(", ", keys)} }}", notes);
    }

    private static string Column(string? name, string role, DataGuess guess, string looked)
    {
        var columns = string.Join(", ", guess.Columns.Take(MostColumns).Select(ColumnCheck.Short)) + (guess.Columns.Count > MostColumns ? ", …" : "");
        var ask = guess.HasHeader ? "" : $" They are numbers, for no row seems to name them; the first is: {string.Join(" | ", (guess.Rows is [var first, ..] ? first : []).Take(MostColumns).Select(ColumnCheck.Short))}. Where it does name them, say --header true.";
        if (name is null)
        {
            var several = role == "text" && ColumnRoles.Texts(guess) is { Length: > 1 } texts ? $" Texts seem to be in {string.Join(", ", texts.Take(MostColumns))}." : "";
            throw new DecantException($"{looked}: which column is the {role}? It has: {columns}.{several}{ask} Say it with --{role}.");
        }

        if (guess.Columns.Contains(name)) return name;
        var near = Suggestion.For(name, guess.Columns) is { } n ? $"; did you mean '{n}'?" : ".";
        throw new DecantException($"{looked}: there is no column '{name}'{near} It has: {columns}.{ask}");
    }
}
