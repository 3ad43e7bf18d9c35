using Decant.Export;
using Decant.Export.Loading;
using Decant.Models.Cnn;
using Decant.Models.Configuration;
using Decant.Models.ImageNetResNet;
using Decant.Models.Mlp;
using Decant.Models.ResNet;
using Decant.Modules;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Torch;

namespace Decant.Runs.Jobs.Inspecting;

/// <summary>Says what a model is made of: its modules by path, and what each answers with.</summary>
internal static class InspectModelJob
{
    private const long TypicalEdge = 32;
    private const long ImageNetEdge = 224;

    /// <summary>Inspects the model of a folder. Its <c>config.json</c> says all, and where there are weights, they must have the shapes that it asks for; none is read or allocated.</summary>
    /// <exception cref="DecantException">There is no such model, it takes no such text, or a path leads nowhere.</exception>
    public static ModelInspection Run(string folder, ModelInspectionRequest? request = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        using var model = Shapes(folder);
        return Of(folder, model, request ?? new());
    }

    /// <summary>Inspects the teacher or the student of a recipe, as its data makes it.</summary>
    /// <param name="catalog">The kinds.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="ofTeacher">The teacher; else the student.</param>
    /// <param name="request">How.</param>
    /// <param name="progress">Told while models are fetched; null: nobody.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="DecantException">The data or the model is not what the recipe needs, or a path leads nowhere.</exception>
    public static ModelInspection Run(Catalog catalog, Recipe recipe, bool ofTeacher, ModelInspectionRequest? request = null, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        if (recipe.Teacher is null && ofTeacher)
            throw new DecantException("The recipe has no 'teacher' to look at; say --model student.");
        if (recipe.Student.FromTeacher?.Energy is not null && !ofTeacher)
            throw new DecantException("student.from-teacher: energy chooses the ranks by the teacher's weights, and nothing is trained or loaded here. Say 'rank' instead, or inspect the student's folder after the run.");
        recipe = FetchedModels.Of(catalog.Fetching, recipe, progress, cancellationToken);
        using var data = DataPreparation.Prepare(catalog, recipe, cancellationToken);
        var arms = new RecipeArms(catalog, recipe, data);
        using var shapes = ShapesOnly.Open();
        using var teacher = ofTeacher || recipe.Student.FromTeacher is not null ? arms.NewTeacher(recipe.RunSeeds()[0]) : null;
        using var student = ofTeacher ? null : arms.NewStudent(recipe.RunSeeds()[0], teacher!);
        var sample = data.Tokenizer is null ? data.SampleShape : null;
        return Of($"the {(ofTeacher ? "teacher" : "student")} of {recipe.Name}", student ?? teacher!, request ?? new(), sample);
    }

    /// <summary>Inspects a model.</summary>
    internal static ModelInspection Of(string name, Model model, ModelInspectionRequest request, IReadOnlyList<long>? sample = null)
    {
        var paths = new FeaturePaths(model, FeaturePaths.Of(model));
        if (request.Path is { } asked)
            _ = new FeaturePaths(model, [asked]); // says what comes near
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var shapes = model.HasNoMemory ? ShapesOnly.Open() : null;
        model.Eval();
        var input = Input(sample ?? Typical(model), request.Tokens);
        using var recorder = paths.Record();
        var output = model.Forward(input);
        var modules = new Inventory(model, recorder.Features.ToDictionary(f => f.Key, f => (IReadOnlyList<long>)f.Value.Shape.ToArray(), StringComparer.Ordinal));
        return new ModelInspection
        {
            Name = name,
            Summary = (model as IConfigured)?.Config.Summary ?? model.Kind,
            Input = input.Values.Shape.ToArray(),
            Output = output.Shape.ToArray(),
            Parameters = model.ParameterCount,
            Flops = modules.Total,
            Layers = model.Layers.Outputs.Count,
            Modules = [.. modules.All.Where(m => request.Path is not { } only || m.Path == only || m.Path.StartsWith(only + ".", StringComparison.Ordinal))],
        };
    }

    // What the settings ask for, and whether the weights beside them are those: inspecting believes neither.
    private static Model Shapes(string folder)
    {
        try
        {
            var model = ModelFolder.ReadConfig(folder).BuildShapes();
            if (!Weights.AreIn(folder))
                return model;
            try
            {
                ModelFolder.CheckFits(folder, model, newHead: true); // a base without its head is described too
                return model;
            }
            catch
            {
                model.Dispose();
                throw;
            }
        }
        catch (DecantException fault)
        {
            throw new DecantException($"{fault.Message} The tensors alone are listed by 'decant inspect {folder} --tensors'.", fault.ExitCode, fault);
        }
    }

    /// <summary>The sample that a model of images or numbers is built for, or one of a common size; empty: it reads tokens.</summary>
    private static IReadOnlyList<long> Typical(Model model) => (model as IConfigured)?.Config switch
    {
        MlpConfig mlp => mlp.InputShape,
        CnnConfig cnn => cnn.InputShape,
        ImageNetResNetConfig resnet => [resnet.NumChannels, ImageNetEdge, ImageNetEdge],
        ResNetConfig resnet => [resnet.NumChannels, TypicalEdge, TypicalEdge],
        _ => [],
    };

    private static ModelInput Input(IReadOnlyList<long> sample, int tokens)
    {
        if (sample.Count > 0)
            return new ModelInput(Tensor.Zeros([1, .. sample]));
        if (tokens < 1)
            throw new DecantException($"--tokens: expected at least 1, came {tokens}.");
        return new ModelInput(Tensor.Zeros([1, tokens], DType.Int64)); // no mask: nothing is filled up
    }

    /// <summary>The modules of a model with what they answered.</summary>
    private sealed class Inventory
    {
        private readonly Dictionary<string, IReadOnlyList<long>> _shapes;
        private readonly Dictionary<string, int> _layers = new(StringComparer.Ordinal);
        private readonly Dictionary<Tensor, string> _owners = new(ReferenceEqualityComparer.Instance);

        public Inventory(Model model, Dictionary<string, IReadOnlyList<long>> shapes)
        {
            _shapes = shapes;
            var layers = model.Layers; // worked out anew every time
            if (layers.Embeddings is { } embeddings)
                _layers[embeddings] = 0;
            for (var i = 0; i < layers.Outputs.Count; i++)
                _layers[layers.Outputs[i]] = i + 1;
            var all = new List<InspectedModule>();
            Total = Add(model, "", all);
            All = all;
        }

        public IReadOnlyList<InspectedModule> All { get; }

        public long Total { get; }

        private long Add(Module module, string path, List<InspectedModule> all)
        {
            var at = all.Count;
            all.AddRange(module.Parts.Select(part => new InspectedModule { Path = Join(path, part), Kind = InspectedModule.PartKind, Shape = Shape(Join(path, part)) }));
            var flops = ModuleFlops.Own(module, part => Shape(part.Length == 0 ? path : Join(path, part)));
            foreach (var (name, child) in module.Children)
                flops += Add(child, Join(path, name), all);
            if (path.Length > 0)
            {
                all.Insert(at, new InspectedModule
                {
                    Path = path,
                    Kind = module.GetType().Name.Split('`')[0],
                    Shape = Shape(path),
                    Parameters = module.ParameterCount,
                    Flops = flops,
                    Layer = _layers.TryGetValue(path, out var layer) ? layer : null,
                    WeightsOf = _layers.ContainsKey(path) ? Owner(module, path) : null,
                });
            }

            return flops;
        }

        // Layers come from the bottom up: the first that has a tensor owns it.
        private string? Owner(Module layer, string path)
        {
            if (layer.NamedParameters().Select(p => p.Value).FirstOrDefault() is not { } first || _owners.TryAdd(first, path))
                return null;
            return _owners[first];
        }

        private IReadOnlyList<long>? Shape(string path) => _shapes.GetValueOrDefault(path);

        private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
    }
}
