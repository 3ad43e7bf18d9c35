using System.Collections.Immutable;
using Decant.Compression.Quantization;
using Decant.Data;
using Decant.Data.Sources;
using Decant.Evaluation;
using Decant.Hub;
using Decant.Models;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Modules.Adapters;
using Decant.Objectives;
using Decant.Objectives.Relations;
using Decant.Objectives.SampleWeights;
using Decant.Runs.Recipes.Kinds;
using Decant.Signals;
using Decant.Teachers.Answers;
using Decant.Text;
using Decant.Text.Training;
using Decant.Torch;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

namespace Decant.Runs;

public sealed partial record Catalog : IKindRegistry
{
    private ImmutableDictionary<(string Section, string Kind), Delegate> Factories { get; init; } = ImmutableDictionary<(string, string), Delegate>.Empty;

    /// <summary>The kinds and their options, for the recipe's reader.</summary>
    internal KindTable Kinds { get; private init; } = KindTable.Empty;

    /// <summary>Where models come from that a recipe names by an address, such as <c>hf:ORG/NAME</c>; default: as the environment says.</summary>
    internal ModelFetching Fetching { get; init; } = StandardFetching.Of(Environment.GetEnvironmentVariable);

    /// <summary>How teachers behind an API are reached; default: nothing is asked.</summary>
    internal ChatAsking Asking { get; init; } = new();

    /// <inheritdoc/>
    IReadOnlyList<KindEntry> IKindRegistry.Kinds(string section) => Kinds.Kinds(section);

    /// <summary>Adds a source of samples.</summary>
    public Catalog Source<TOptions>(string kind, string about) where TOptions : SourceOptions =>
        With(Sections.Source, new KindEntry(kind, typeof(TOptions)) { About = about }, (Func<TOptions, CancellationToken, Dataset>)((o, ct) => o.Open(ct)));

    /// <summary>Adds a tokenizer that is trained on texts.</summary>
    public Catalog Tokenizer<TOptions>(string kind, string about) where TOptions : TokenizerOptions =>
        With(Sections.Tokenizer, new KindEntry(kind, typeof(TOptions)) { About = about },
            (Func<TOptions, IEnumerable<string>, CancellationToken, ITokenizer>)((o, texts, ct) => o.Train(texts, ct)));

    /// <summary>Adds a family of models.</summary>
    internal Catalog Model(ModelFamily family, params InputKind[] inputs) =>
        With(Sections.Model, new KindEntry(family.Kind, family.OptionsType) { About = family.About, Inputs = inputs },
            (Func<ModelOptions, ModelContext, Generator?, Model>)family.Create);

    /// <summary>Adds an objective.</summary>
    public Catalog Objective<TOptions>(string kind, string about, bool needsTeacher, Func<TOptions, IObjective> create) where TOptions : ObjectiveOptions =>
        Objective<TOptions>(kind, about, needsTeacher, (options, _) => create(options));

    /// <summary>Adds an objective that wants to know what training it is made for.</summary>
    public Catalog Objective<TOptions>(string kind, string about, bool needsTeacher, Func<TOptions, ObjectiveContext, IObjective> create) where TOptions : ObjectiveOptions =>
        Objective<TOptions>(kind, about, needsTeacher, (options, context, _) => create(options, context));

    /// <summary>Adds an objective that is made of others, which its last argument makes.</summary>
    public Catalog Objective<TOptions>(string kind, string about, bool needsTeacher, Func<TOptions, ObjectiveContext, Func<ObjectiveOptions, IObjective>, IObjective> create)
        where TOptions : ObjectiveOptions =>
        With(Sections.Objective, new KindEntry(kind, typeof(TOptions))
        {
            About = about,
            NeedsTeacher = needsTeacher,
            ComparesSamples = typeof(TOptions).IsSubclassOf(typeof(RelationOptions)),
        }, create);

    /// <summary>Adds an optimizer.</summary>
    internal Catalog Optimizer<TOptions>(string kind, string about, Func<IReadOnlyList<ParameterGroup>, TOptions, Optimizer> create) where TOptions : OptimizerOptions =>
        With(Sections.Optimizer, new KindEntry(kind, typeof(TOptions)) { About = about }, create);

    /// <summary>Adds a schedule of the learning rate.</summary>
    internal Catalog Schedule<TOptions>(string kind, string about, Func<long, TOptions, Schedule> create) where TOptions : ScheduleOptions =>
        With(Sections.Schedule, new KindEntry(kind, typeof(TOptions)) { About = about }, create);

    /// <summary>Adds a form that exported models are compressed to.</summary>
    internal Catalog Quantization<TOptions>(string kind, string about) where TOptions : QuantizationOptions =>
        this with { Kinds = Kinds.With<TOptions>(Sections.Quantization, kind, about) };

    /// <summary>Adds a way of training a model whose own weights stay.</summary>
    internal Catalog Adapter<TOptions>(string kind, string about) where TOptions : AdapterOptions =>
        this with { Kinds = Kinds.With<TOptions>(Sections.Adapter, kind, about) };

    /// <summary>Adds a way of keeping a teacher's answers.</summary>
    internal Catalog Answers<TOptions>(string kind, string about) where TOptions : StoredAnswerOptions =>
        this with { Kinds = Kinds.With<TOptions>(Sections.Answers, kind, about) };

    internal ITokenizer TrainTokenizer(TokenizerOptions options, IEnumerable<string> texts, CancellationToken cancellationToken) =>
        (ITokenizer)Make(Sections.Tokenizer, options, options, texts, cancellationToken);

    internal Dataset Open(SourceOptions options, CancellationToken cancellationToken) => (Dataset)Make(Sections.Source, options, options, cancellationToken);

    internal Model CreateModel(ModelOptions options, ModelContext context, Generator? generator = null) => (Model)Make(Sections.Model, options, options, context, generator);

    /// <summary>A model around the trunk of another of the same options.</summary>
    internal static Model CreateModelOn(ModelOptions options, ModelContext context, Model other) =>
        ModelFamilies.All.Single(f => f.OptionsType == options.GetType()).CreateOn(options, context, other);

    internal IObjective CreateObjective(ObjectiveOptions options, ObjectiveContext context)
    {
        var objective = (IObjective)Make(Sections.Objective, options, options, context, (Func<ObjectiveOptions, IObjective>)(inner => CreateObjective(inner, context)));
        return options is RowObjectiveOptions { SampleWeighting: { } weight } ? new SampleWeighted((IRowObjective)objective, weight) : objective;
    }

    internal Optimizer CreateOptimizer(OptimizerOptions options, IReadOnlyList<ParameterGroup> groups) => (Optimizer)Make(Sections.Optimizer, options, groups, options);

    internal Schedule CreateSchedule(ScheduleOptions options, long steps) => (Schedule)Make(Sections.Schedule, options, steps, options);

    /// <summary>This catalog with what a program brings itself, under the kind <c>own</c>.</summary>
    internal Catalog WithOwn() => Source<OwnSource>(OwnKind.Name, "samples of a program")
        .Tokenizer<OwnTokenizer>(OwnKind.Name, "a tokenizer of a program")
        .With(Sections.Model, new KindEntry(OwnKind.Name, typeof(OwnModel)) { About = "a model of a program", HasWeights = true },
            (Func<ModelOptions, ModelContext, Generator?, Model>)((options, context, _) => ((OwnModel)options).Create(context)))
        .With(Sections.Objective, new KindEntry(OwnKind.Name, typeof(OwnObjective)) { About = "an objective of a program", NeedsTeacher = true },
            (Func<OwnObjective, ObjectiveContext, Func<ObjectiveOptions, IObjective>, IObjective>)((options, _, _) => options.Create()))
        .Objective<OwnLabelObjective>(OwnKind.Labels, "an objective of a program, on labels", false, options => options.Create());

    private Catalog Models() => ModelFamilies.All.Aggregate(this, (catalog, family) => catalog.Model(family, family.Kind switch
    {
        "mlp" => [InputKind.Image, InputKind.Vector],
        "cnn" or "resnet" or "imagenet-resnet" => [InputKind.Image],
        _ => [InputKind.Text],
    }));

    private Catalog Metrics() => Metric.All.Aggregate(this, (catalog, metric) => catalog with
    {
        Kinds = catalog.Kinds.With(Sections.Metric, new KindEntry(metric.Name, typeof(NoOptions))),
    });

    private Catalog With(string section, KindEntry entry, Delegate factory) =>
        this with { Kinds = Kinds.With(section, entry), Factories = Factories.Add((section, entry.Kind), factory) };

    private object Make(string section, object options, params object?[] arguments)
    {
        try
        {
            return Factories[(section, Kinds.KindOf(section, options))].DynamicInvoke(arguments)!;
        }
        catch (System.Reflection.TargetInvocationException error) when (error.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error.InnerException);
            throw;
        }
    }
}
