namespace Decant.Recipes;

/// <summary>What a new recipe is written for.</summary>
public sealed record TemplateRequest
{
    /// <summary>One of <see cref="RecipeTemplates.Tasks"/>.</summary>
    public required string Task { get; init; }

    /// <summary>The training data, as it is to stand in the recipe.</summary>
    public required string Data { get; init; }

    /// <summary>Where the data can be looked at now; <see cref="Data"/> unless said.</summary>
    public string? DataNow { get; init; }

    /// <summary>The recipe's name; the data file's unless said.</summary>
    public string? Name { get; init; }

    /// <summary>The column of the text; guessed from the file unless said.</summary>
    public string? TextColumn { get; init; }

    /// <summary>The column of the label; guessed from the file unless said.</summary>
    public string? LabelColumn { get; init; }
}

/// <summary>Writes a first recipe for a task and a data file: it runs as it stands, and its comments say what to change.</summary>
public static class RecipeTemplates
{
    private const string TextTask = "text-classification";
    private const string ImageTask = "image-classification";

    /// <summary>The tasks there are templates for, with what each is.</summary>
    public static IReadOnlyList<(string Task, string About)> Tasks { get; } =
    [
        (TextTask, "a class for each text: CSV, TSV, JSONL, or lines of a label and a text"),
        (ImageTask, "a class for each image: IDX files (MNIST) or CIFAR's binary files"),
    ];

    /// <summary>The recipe's text.</summary>
    /// <param name="request">The task and the data.</param>
    /// <exception cref="DecantException">There is no such task, the file does not suit it, or its columns cannot be guessed.</exception>
    public static string Write(TemplateRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var names = Tasks.Select(t => t.Task).ToList();
        if (!names.Contains(request.Task))
            throw new DecantException($"There is no template for the task '{request.Task}'{Suggestion.Ending(request.Task, names, "there are")}");

        var looked = request.DataNow ?? request.Data;
        if (!File.Exists(looked)) throw new DecantException($"{looked}: there is no such data file.");
        var guess = DataGuess.Of(looked);
        var isImages = request.Task == ImageTask;
        if (guess.IsImages != isImages)
            throw new DecantException($"{looked}: expected {(isImages ? "images (IDX or CIFAR's .bin)" : "text (CSV, TSV, JSONL or lines)")} for {request.Task}, "
                + $"came {(guess.IsImages ? "images" : "text")} by the file's name.");

        var name = YamlText.Value(request.Name ?? Path.GetFileNameWithoutExtension(request.Data));
        return isImages
            ? ImageTemplate.Write(name, request.Data, guess, TemplateCost.Lines(TemplateCost.OfImages(looked, guess.Kind == "idx")))
            : TextTemplate.Write(name, Source(request, guess, looked), TemplateCost.Lines(TemplateCost.OfText(looked)));
    }

    private static string Source(TemplateRequest request, DataGuess guess, string looked)
    {
        var file = YamlText.Value(request.Data);
        if (guess.Kind == "labelled-lines") return $"{{ kind: labelled-lines, file: {file} }}";
        var text = Column(request.TextColumn ?? guess.Text, "text", guess, looked);
        var label = Column(request.LabelColumn ?? guess.Label, "label", guess, looked);
        return $"{{ kind: {guess.Kind}, file: {file}, text: {YamlText.Value(text)}, label: {YamlText.Value(label)} }}";
    }

    private static string Column(string? name, string role, DataGuess guess, string looked)
    {
        var columns = string.Join(", ", guess.Columns);
        if (name is null) throw new DecantException($"{looked}: which column is the {role}? It has: {columns}. Say it with --{role}.");
        if (guess.Columns.Contains(name)) return name;
        var near = Suggestion.For(name, guess.Columns) is { } n ? $"; did you mean '{n}'?" : ".";
        throw new DecantException($"{looked}: there is no column '{name}'{near} It has: {columns}.");
    }
}
