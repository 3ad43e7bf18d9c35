using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Evaluation.Prediction;
using Decant.Export.Safetensors;
using Decant.Files;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Reports.Record;
using Decant.Teachers.Ensembles;

namespace Decant.Runs.Running;

/// <summary>Makes trained teachers one: learns their weights where the recipe says so, writes down what the ensemble is, and describes it.</summary>
internal sealed class EnsembleStage(RunSession session)
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Does so once; a resumed run loads the gate that was learned.</summary>
    public void Run(CombineStep step, IStepInputs inputs, CancellationToken cancellationToken)
    {
        if (session.IsDone(step))
            return;
        var (data, seed, log) = (step.Of.Data, step.Model.Seed, session.Log.For(step.Task));
        var ensemble = (Ensemble)inputs[step.Model];
        var own = Path.Combine(session.Folder.Root, step.Folder);
        var gate = (ensemble.Mixture.Weights as GateWeights)?.Gate;
        Directory.CreateDirectory(own);
        if (gate is not null)
        {
            log.Note(GateTraining.Run(seed, ensemble, data, cancellationToken));
            SafetensorsWriter.Write(Path.Combine(own, CombineStep.GateName), gate.StateDict());
        }

        AtomicFile.Write(Path.Combine(own, CombineStep.FileName), System.Text.Encoding.UTF8.GetBytes(Description(step, ensemble).ToJsonString(s_json) + "\n"));
        log.Write(Described(step, ensemble));
        if (data.Validation is { } validation)
            log.Write(new Validated { Arm = Arms.Teacher, Seed = seed, Step = 0, Metrics = Predictor.Ask(ensemble, AnswerProgress.Measuring(data.Once(validation), "validation", Arms.Teacher, seed, log.Show), EvaluationTasks.Of(data, validation), ensemble, cancellationToken).Metrics() });
        session.Finish(step, Path.Combine(own, gate is null ? CombineStep.FileName : CombineStep.GateName));
    }

    private static JsonObject Description(CombineStep step, Ensemble ensemble)
    {
        var recipe = step.Of.Recipe;
        var section = recipe.Ensemble ?? new EnsembleOptions();
        var members = TeacherMember.Of(recipe).Zip(step.Members, (m, member) => (JsonNode)new JsonObject
        {
            ["name"] = Arms.MemberName(m.Arm),
            ["folder"] = Path.GetRelativePath(step.Folder, member.Folder),
            ["weight"] = section.Weights == EnsembleWeights.Fixed ? m.Weight : null,
        });
        return new JsonObject
        {
            ["combine"] = EnumWords.Of(ensemble.Mixture.Of),
            ["weights"] = EnumWords.Of(section.Weights),
            ["members"] = new JsonArray([.. members]),
        };
    }

    private ModelDescribed Described(CombineStep step, Ensemble ensemble) => new()
    {
        Role = Arms.Teacher,
        Kind = ensemble.Kind,
        Summary = EnsembleParts.Summary(ensemble),
        Parameters = ensemble.ParameterCount,
        Bytes = step.Members.Sum(m => new FileInfo(ModelStore.WeightsIn(Path.Combine(session.Folder.Root, m.Folder))).Length),
        Flops = ensemble.FlopsPerSample([.. step.Of.Data.SampleShape]),
    };
}

