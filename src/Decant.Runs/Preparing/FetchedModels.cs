using System.Reflection;
using Decant.Export;
using Decant.Hub;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Text.Training;

namespace Decant.Runs.Preparing;

/// <summary>
/// Fetches the models that a recipe names by addresses, before anything else reads them: afterwards the recipe has folders in their place, and is written down with addresses that name
/// the very files.
/// </summary>
/// <param name="fetching">Fetches them.</param>
/// <param name="progress">Told while it goes on; null: nobody.</param>
/// <param name="cancellationToken">Stops.</param>
internal sealed class FetchedModels(ModelFetching fetching, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
{
    private static readonly MethodInfo s_copy = typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!;

    private bool _isMeasured;
    private readonly Dictionary<(string, FetchPurpose), FetchedModel> _models = [];
    private readonly List<(string Path, string Address, string Exact, string Folder)> _fetched = [];

    /// <summary>A recipe with folders in the place of addresses; one without addresses stays the same object.</summary>
    /// <param name="fetching">Fetches them.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="progress">Told while it goes on; null: nobody.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="DecantException">A model could not be fetched; the message names its key.</exception>
    public static T Of<T>(ModelFetching fetching, T recipe, IProgress<RunEvent>? progress, CancellationToken cancellationToken) where T : RunRecipe
    {
        var fetched = new FetchedModels(fetching, progress, cancellationToken);
        var local = (T)fetched.Local(recipe, "");
        return ReferenceEquals(local, recipe) ? recipe : local with { References = recipe.References.With(fetched._fetched) };
    }

    /// <summary>The same for a recipe whose data alone is read, to measure other models on it: of teachers no weights are fetched, only the settings with the names of their classes.</summary>
    /// <inheritdoc cref="Of" path="/param"/>
    public static Recipe ForMeasuring(ModelFetching fetching, Recipe recipe, IProgress<RunEvent>? progress, CancellationToken cancellationToken) =>
        (Recipe)new FetchedModels(fetching, progress, cancellationToken) { _isMeasured = true }.Local(recipe, "");

    /// <summary>The folder of a model that a command names: a path stays as it is, and an address is fetched.</summary>
    /// <param name="fetching">Fetches it.</param>
    /// <param name="model">The path or address.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="progress">Told while it goes on; null: nobody.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="DecantException">It could not be fetched.</exception>
    public static string Folder(ModelFetching fetching, string model, FetchPurpose purpose, IProgress<RunEvent>? progress, CancellationToken cancellationToken) =>
        ModelAddress.IsOne(model) ? Fetch(fetching, model, purpose, progress, cancellationToken).Folder : model;

    /// <summary>A model that is named by its address.</summary>
    /// <inheritdoc cref="Folder"/>
    public static FetchedModel Fetch(ModelFetching fetching, string model, FetchPurpose purpose, IProgress<RunEvent>? progress, CancellationToken cancellationToken) =>
        new FetchedModels(fetching, progress, cancellationToken).Fetch(ModelAddress.Parse(model), purpose);

    /// <summary>Refuses settings of a model that is not served, before its weights are fetched.</summary>
    /// <param name="config">The path of its <c>config.json</c>.</param>
    /// <exception cref="DecantException">What is not served, and what is.</exception>
    public static void CheckSettings(string config) => ModelFolder.ReadConfig(Path.GetDirectoryName(config)!);

    private object Local(object record, string path)
    {
        object? copy = null;
        foreach (var property in RecipeProperty.Of(record.GetType()))
        {
            if (property.Info.GetValue(record) is not { } value || Local(value, property, record, RecipePath.Key(path, property.Key)) is var local && ReferenceEquals(local, value))
                continue;
            property.Info.SetValue(copy ??= s_copy.Invoke(record, null)!, local);
        }

        return copy ?? record;
    }

    private object Local(object value, RecipeProperty property, object around, string path)
    {
        if (value is string text)
            return property.IsModel && ModelAddress.IsOne(text) ? Fetch(text, around, path) : text;
        if (ScalarReader.Reads(value.GetType()) || CollectionTypes.ValueOfMap(value.GetType()) is not null || property.Overrides is not null)
            return value;
        if (CollectionTypes.ItemOf(property.Type) is not { } item)
            return IsSection(value) ? Local(value, path) : value;
        object[] items = [.. ((System.Collections.IEnumerable)value).Cast<object>()];
        object[] local = [.. items.Select((part, i) => IsSection(part) ? Local(part, RecipePath.Item(path, i)) : part)];
        return local.Zip(items).All(pair => ReferenceEquals(pair.First, pair.Second)) ? value : CollectionTypes.List(property.Type, item, local);
    }

    /// <summary>Whether a value is a section of a recipe, a record, and no number or thing of a program.</summary>
    private static bool IsSection(object value) => value.GetType().GetMethod("<Clone>$") is not null;

    private string Fetch(string text, object around, string path)
    {
        var purpose = around switch
        {
            LoadedTokenizerOptions => FetchPurpose.Tokenizer,
            LargeModelSection when _isMeasured => FetchPurpose.Settings,
            LargeModelSection { Model: not null } => FetchPurpose.Weights,
            _ => FetchPurpose.Model,
        };
        try
        {
            var model = Fetch(ModelAddress.Parse(text), purpose);
            _fetched.Add((path, text, model.Exact, model.Folder));
            return model.Folder;
        }
        catch (DecantException error)
        {
            throw new DecantException($"{path}: {error.Message}", error.ExitCode, error);
        }
    }

    private FetchedModel Fetch(ModelAddress address, FetchPurpose purpose)
    {
        if (_models.TryGetValue((address.ToString(), purpose), out var before))
            return before;
        var request = new FetchRequest(address, purpose) { CheckSettings = CheckSettings };
        var model = fetching.Fetch(request, progress is null ? null : new DownloadEvents(progress), cancellationToken);
        if (model.Remark is { } remark)
            progress?.Report(new RunNote { Text = remark });
        return _models[(address.ToString(), purpose)] = model;
    }
}
