using System.Globalization;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;

namespace Decant.Runs.Jobs;

public sealed partial class PlanJob
{
    /// <summary>How often an arm is validated, if it is not stopped early, and how long that takes.</summary>
    private (double Seconds, string Words) Validations(Arm arm, PreparedData data)
    {
        using var plan = new ArmPlan(catalog, data, arm);
        return plan.Plan.Validate is null ? (0, "") : Validations(plan.Plan.ValidateEvery, arm, ValidationCost.Seconds(arm.Model, data));
    }

    /// <summary>The same of an arm of several tasks: each validation asks about all of them.</summary>
    private (double Seconds, string Words) Validations(MultiTaskArm arm)
    {
        using var plan = new MultiTaskPlan(catalog, arm);
        var model = (Decant.Models.MultiTask.MultiTaskModel)arm.Model;
        return plan.Plan.Validate is null ? (0, "") : Validations(plan.Plan.ValidateEvery, arm, arm.Tasks.Sum(t => ValidationCost.Seconds(model.Of(t.Name), t.Task.Data)));
    }

    private static (double Seconds, string Words) Validations(long? every, TrainedArm arm, double seconds)
    {
        var times = ValidationTimes.Count(every, arm.Budget);
        return (times * seconds, string.Create(CultureInfo.InvariantCulture, $", {times:N0} validation{(times == 1 ? "" : "s")}"));
    }
}
