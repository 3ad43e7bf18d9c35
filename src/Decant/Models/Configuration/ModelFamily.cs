using System.Text.Json.Nodes;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Configuration;

/// <summary>A kind of model: the options it has in recipes, and how a model is made of them or of its <c>config.json</c>.</summary>
public sealed class ModelFamily
{
    private readonly Func<ModelOptions, ModelContext, ModelConfig> _configure;
    private readonly Func<JsonObject, ModelConfig> _read;

    private ModelFamily(
        string kind, string about, Type options, IReadOnlyList<string> modelTypes,
        Func<ModelOptions, ModelContext, ModelConfig> configure, Func<JsonObject, ModelConfig> read) =>
        (Kind, About, OptionsType, ModelTypes, _configure, _read) = (kind, about, options, modelTypes, configure, read);

    /// <summary>The kind's name in recipes, like <c>mlp</c>.</summary>
    public string Kind { get; }

    /// <summary>One line that says what it is.</summary>
    public string About { get; }

    /// <summary>The record of its options.</summary>
    public Type OptionsType { get; }

    /// <summary>The names that <c>model_type</c> has in its <c>config.json</c>.</summary>
    public IReadOnlyList<string> ModelTypes { get; }

    /// <summary>The complete settings of a model.</summary>
    /// <param name="options">Of type <see cref="OptionsType"/>.</param>
    /// <param name="context">The task and the data.</param>
    /// <exception cref="DecantException">Options that do not go together or do not fit the data. Nothing is allocated.</exception>
    internal ModelConfig Configure(ModelOptions options, ModelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var config = _configure(options, context);
        config.Check();
        return config;
    }

    /// <summary>A model with drawn weights.</summary>
    /// <param name="options">Of type <see cref="OptionsType"/>.</param>
    /// <param name="context">The task and the data.</param>
    /// <param name="generator">Where the weights are drawn from; null is libtorch's own.</param>
    /// <exception cref="DecantException">Options that do not go together or do not fit the data.</exception>
    public Model Create(ModelOptions options, ModelContext context, Generator? generator = null) => Configure(options, context).Build(generator);

    /// <summary>A model around the trunk of another, which both have from then on; its head is drawn.</summary>
    /// <param name="options">Of type <see cref="OptionsType"/>, those of the other model.</param>
    /// <param name="context">The task and the data of the new model.</param>
    /// <param name="other">The model with the trunk that is shared. Disposing either releases the trunk.</param>
    /// <param name="generator">Where the head is drawn from; null is libtorch's own.</param>
    /// <exception cref="DecantException">The models differ in more than the head, or the family has no trunk.</exception>
    public Model CreateOn(ModelOptions options, ModelContext context, Model other, Generator? generator = null) => Configure(options, context).BuildOn(other, generator);

    /// <summary>The settings in a <c>config.json</c>.</summary>
    /// <exception cref="DecantException">A setting is missing, of the wrong type, or does not go with another.</exception>
    internal ModelConfig Read(JsonObject json)
    {
        var config = _read(json);
        config.Check();
        return config;
    }

    internal static ModelFamily Of<TOptions, TConfig>(
        string kind, string about, IReadOnlyList<string> modelTypes, Func<TOptions, ModelContext, TConfig> configure, ModelTask standard = ModelTask.Classification,
        ConfigKeys? keys = null)
        where TOptions : ModelOptions
        where TConfig : ModelConfig =>
        new(kind, about, typeof(TOptions), modelTypes, (options, context) => configure((TOptions)options, context), json => ConfigJson.Read<TConfig>(keys?.Apply(json) ?? json, standard));
}
