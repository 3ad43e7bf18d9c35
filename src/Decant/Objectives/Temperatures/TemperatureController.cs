using Decant.Modules;
using Decant.Torch;

namespace Decant.Objectives.Temperatures;

/// <summary>A temperature in a training: where it stands, and what it was.</summary>
internal sealed class TemperatureController : IDisposable
{
    private readonly Temperature _temperature;
    private readonly LearnedNumber? _learned;
    private readonly RunningMean _own = new(); // of the samples' own, since the update began
    private double _progress;

    public TemperatureController(Temperature temperature)
    {
        _temperature = temperature.Checked();
        _learned = _temperature is LearnedTemperature l ? new LearnedNumber("temperature", l.Min, l.Max, l.Start) : null;
        Trained = _learned is null ? new NothingLearned() : _learned;
    }

    /// <summary>Its weights; none unless it is learned.</summary>
    public Module Trained { get; }

    /// <summary>Whether it is learned.</summary>
    public bool IsLearned => _learned is not null;

    /// <summary>The one number that it always is; null where it changes.</summary>
    public double? Constant => _temperature is TemperatureSchedule { IsConstant: true } constant ? constant.At(0) : null;

    /// <summary>What it was since the update began, the mean of the samples' own; null where it never changes.</summary>
    public double? Mean => _temperature switch
    {
        TemperatureSchedule { IsConstant: true } => null,
        TemperatureSchedule schedule => schedule.At(_progress),
        _ when _learned is not null => _learned.Number,
        _ => _own.Value,
    };

    /// <summary>An update begins.</summary>
    public void Begin(double progress)
    {
        _progress = progress;
        _own.Forget();
    }

    /// <summary>The temperature of some rows.</summary>
    /// <param name="teacherLogits">[R, C] float32, no part of the graph.</param>
    public RowTemperature Of(Tensor teacherLogits)
    {
        if (_temperature is TemperatureSchedule schedule)
            return new RowTemperature(schedule.At(_progress));
        if (_temperature is LearnedTemperature learned)
            return new RowTemperature(_learned!.Against(learned.StrengthAt(_progress), teacherLogits.Device), isLearned: true);
        var own = ((SampleTemperature)_temperature).Of(teacherLogits);                                              // [R, 1]
        _own.Add(own);
        return new RowTemperature(own, isLearned: false);
    }

    public void Dispose()
    {
        _own.Dispose();
        Trained.Dispose();
    }
}
