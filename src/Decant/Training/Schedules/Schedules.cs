using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Training.Schedules;

/// <summary>Options of <c>constant</c>.</summary>
public sealed record ConstantRate : ScheduleOptions;

/// <summary>The factor stays 1.</summary>
/// <param name="totalSteps">How many updates there are; null: as many as the training has.</param>
/// <param name="options">Its options.</param>
internal sealed class ConstantSchedule(long? totalSteps, ConstantRate options) : Schedule(totalSteps, options.Checked().WarmUp)
{
    /// <summary>A schedule over as many updates as the training has that it is for.</summary>
    public ConstantSchedule(ConstantRate options) : this(null, options)
    {
    }

    /// <inheritdoc/>
    protected override bool FallsWithProgress => false;

    /// <inheritdoc/>
    protected override double AfterWarmUp(long step, double progress) => 1;
}

/// <summary>Options of <c>linear</c>.</summary>
public sealed record LinearDecay : ScheduleOptions
{
    /// <summary>The factor at the end; 0.</summary>
    [Range(0.0, 1.0)]
    [Description("final learning rate, as a fraction of the highest")]
    public double EndFactor { get; init; }
}

/// <summary>The factor falls in a line.</summary>
/// <param name="totalSteps">How many updates there are; null: as many as the training has.</param>
/// <param name="options">Its options.</param>
internal sealed class LinearSchedule(long? totalSteps, LinearDecay options) : Schedule(totalSteps, options.Checked().WarmUp)
{
    /// <summary>A schedule over as many updates as the training has that it is for.</summary>
    public LinearSchedule(LinearDecay options) : this(null, options)
    {
    }

    /// <inheritdoc/>
    protected override double AfterWarmUp(long step, double progress) => 1 + (options.EndFactor - 1) * progress;
}

/// <summary>Options of <c>cosine</c>.</summary>
public sealed record CosineDecay : ScheduleOptions
{
    /// <summary>The factor at the end; 0.</summary>
    [Range(0.0, 1.0)]
    [Description("final learning rate, as a fraction of the highest")]
    public double EndFactor { get; init; }
}

/// <summary>The factor falls along half a cosine: end + (1 − end)·(1 + cos(π·progress)) ÷ 2.</summary>
/// <remarks>Loshchilov and Hutter 2017, arXiv:1608.03983, eq. 5, without restarts.</remarks>
/// <param name="totalSteps">How many updates there are; null: as many as the training has.</param>
/// <param name="options">Its options.</param>
internal sealed class CosineSchedule(long? totalSteps, CosineDecay options) : Schedule(totalSteps, options.Checked().WarmUp)
{
    /// <summary>A schedule over as many updates as the training has that it is for.</summary>
    public CosineSchedule(CosineDecay options) : this(null, options)
    {
    }

    /// <inheritdoc/>
    protected override double AfterWarmUp(long step, double progress) => options.EndFactor + (1 - options.EndFactor) * (1 + Math.Cos(Math.PI * progress)) / 2;
}

/// <summary>Options of <c>step</c>.</summary>
public sealed record StepDecay : ScheduleOptions
{
    /// <summary>Where the factor drops, each as a share of all steps: <c>[0.5, 0.75]</c>.</summary>
    [Description("when the learning rate drops, as fractions of all steps")]
    public IReadOnlyList<double> At { get; init; } = [0.5, 0.75];

    /// <summary>What it is multiplied by each time; 0.1.</summary>
    [Range(0.0, 1.0)]
    [Description("factor of each drop")]
    public double Factor { get; init; } = 0.1;
}

/// <summary>The factor drops at given shares of the training.</summary>
internal sealed class StepSchedule : Schedule
{
    private readonly double _factor;
    private readonly IReadOnlyList<double> _shares;

    /// <summary>A schedule over as many updates as the training has that it is for.</summary>
    /// <exception cref="DecantException">A share is not between 0 and 1.</exception>
    public StepSchedule(StepDecay options) : this(null, options)
    {
    }

    /// <summary>A schedule over a number of updates.</summary>
    /// <exception cref="DecantException">A share is not between 0 and 1.</exception>
    public StepSchedule(long? totalSteps, StepDecay options) : base(totalSteps, options.Checked().WarmUp)
    {
        if (options.At.Any(share => share is not (> 0 and < 1)))
            throw new DecantException($"step: 'at' holds shares of all steps, each between 0 and 1; [{string.Join(", ", options.At)}] came.");
        _factor = options.Factor;
        _shares = options.At;
    }

    /// <inheritdoc/>
    protected override double AfterWarmUp(long step, double progress) => Math.Pow(_factor, _shares.Count(share => step >= Math.Round(share * TotalSteps)));
}

/// <summary>Options of <c>plateau</c>.</summary>
public sealed record PlateauDecay : ScheduleOptions
{
    /// <summary>What the factor is multiplied by; 0.5.</summary>
    [Range(0.0, 1.0)]
    [Description("factor of each drop")]
    public double Factor { get; init; } = 0.5;

    /// <summary>How many validations without a better metric are waited for; 2. There is one after every epoch unless <c>validate-every</c> says otherwise.</summary>
    [Range(0, 1000)]
    [Description("validations without improvement before a drop")]
    public int Patience { get; init; } = 2;

    /// <summary>The smallest factor; 0.001.</summary>
    [Range(0.0, 1.0)]
    [Description("lowest learning rate, as a fraction of the highest")]
    public double MinFactor { get; init; } = 0.001;
}

/// <summary>The factor drops when the validation metric has not improved for more than <see cref="PlateauDecay.Patience"/> validations.</summary>
/// <remarks>As <c>torch.optim.lr_scheduler.ReduceLROnPlateau</c> with threshold 0 and cooldown 0: any improvement counts.</remarks>
/// <param name="totalSteps">How many updates there are; null: as many as the training has.</param>
/// <param name="options">Its options.</param>
internal sealed class PlateauSchedule(long? totalSteps, PlateauDecay options) : Schedule(totalSteps, options.Checked().WarmUp)
{
    private double _factor = 1;
    private double? _best;
    private int _waited;

    /// <summary>A schedule over as many updates as the training has that it is for.</summary>
    public PlateauSchedule(PlateauDecay options) : this(null, options)
    {
    }

    /// <inheritdoc/>
    protected override bool FallsWithProgress => false;

    /// <inheritdoc/>
    public override bool NeedsValidation => true;

    /// <inheritdoc/>
    public override void OnValidation(double score)
    {
        if (double.IsFinite(score) && (_best is not { } best || score > best))
        {
            _best = score;
            _waited = 0;
        }
        else if (++_waited > options.Patience)
        {
            _factor = Math.Max(options.MinFactor, _factor * options.Factor);
            _waited = 0;
        }
    }

    /// <inheritdoc/>
    public override double[] SaveState() => _best is { } best ? [_factor, _waited, best] : [_factor, _waited];

    /// <inheritdoc/>
    public override void RestoreState(double[] state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Length is not (2 or 3))
            throw new DecantException($"A plateau schedule's saved state is two or three numbers; {state.Length} came.");
        if (state[0] is not (>= 0 and <= 1) || state[1] is not (>= 0 and <= int.MaxValue))
            throw new DecantException($"A plateau schedule's saved state begins with a factor from 0 to 1 and a number of validations; {state[0]} and {state[1]} came.");
        (_factor, _waited, _best) = (state[0], (int)state[1], state.Length > 2 ? state[2] : null);
    }

    /// <inheritdoc/>
    protected override double AfterWarmUp(long step, double progress) => _factor;
}
