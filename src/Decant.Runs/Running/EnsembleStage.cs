using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Evaluation.Prediction;
using Decant.Export;
using Decant.Export.Safetensors;
using Decant.Files;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Teachers.Ensembles;

namespace Decant.Runs.Running;

/// <summary>Makes trained teachers one: learns their weights where the recipe says so, writes down what the ensemble is, and describes it.</summary>
internal sealed class EnsembleStage(Recipe recipe, PreparedData data, RunSession session)
{
    /// <summary>What the ensemble is made of; the models lie in folders of their own.</summary>
    public const string FileName = "ensemble.json";

    /// <summary>The gate's weights.</summary>
    public const string GateName = "gate.safetensors";

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Does so once; a resumed run loads the gate that was learned.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="ensemble">Of trained members.</param>
    /// <param name="folder">The folder of an arm.</param>
    /// <param name="cancellationToken">Stops.</param>
    public void Run(long seed, Ensemble ensemble, Func<string, string> folder, CancellationToken cancellationToken)
    {
        var own = folder(Arms.Teacher);
        var gate = (ensemble.Mixture.Weights as GateWeights)?.Gate;
        session.Stage(Arms.Teacher, seed, Path.Combine(own, gate is null ? FileName : GateName), () =>
        {
            Directory.CreateDirectory(own);
            if (gate is not null)
            {
                session.Log.Note(GateTraining.Run(seed, ensemble, data, cancellationToken));
                SafetensorsWriter.Write(Path.Combine(own, GateName), gate.StateDict());
            }

            AtomicFile.Write(Path.Combine(own, FileName), System.Text.Encoding.UTF8.GetBytes(Description(ensemble, folder, own).ToJsonString(s_json) + "\n"));
            session.Log.Write(Described(ensemble, folder));
            if (data.Validation is { } validation)
                session.Log.Write(new Validated { Arm = Arms.Teacher, Seed = seed, Step = 0, Metrics = Predictor.Ask(ensemble, AnswerProgress.Measuring(data.Once(validation), "validation", Arms.Teacher, seed, session.Log.Show), EvaluationTasks.Of(data, validation), ensemble, cancellationToken).Metrics() });
        }, file =>
        {
            if (gate is not null)
                ModelFolder.LoadWeights(file, gate);
        });
    }

    private JsonObject Description(Ensemble ensemble, Func<string, string> folder, string own)
    {
        var section = recipe.Ensemble ?? new EnsembleOptions();
        var members = TeacherMember.Of(recipe).Select(m => (JsonNode)new JsonObject
        {
            ["name"] = Arms.MemberName(m.Arm),
            ["folder"] = Path.GetRelativePath(own, folder(m.Arm)),
            ["weight"] = section.Weights == EnsembleWeights.Fixed ? m.Weight : null,
        });
        return new JsonObject
        {
            ["combine"] = EnumWords.Of(ensemble.Mixture.Of),
            ["weights"] = EnumWords.Of(section.Weights),
            ["members"] = new JsonArray([.. members]),
        };
    }

    private ModelDescribed Described(Ensemble ensemble, Func<string, string> folder) => new()
    {
        Role = Arms.Teacher,
        Kind = ensemble.Kind,
        Summary = EnsembleParts.Summary(ensemble),
        Parameters = ensemble.ParameterCount,
        Bytes = TeacherMember.Of(recipe).Sum(m => new FileInfo(ModelStore.WeightsIn(folder(m.Arm))).Length),
        Flops = ensemble.FlopsPerSample([.. data.SampleShape]),
    };
}
