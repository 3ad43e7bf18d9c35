using Decant.Models.FromTeacher;
using Decant.Modules;
using Decant.Runs.Preparing;
using Decant.Signals;
using Decant.Training;

namespace Decant.Runs.Planning;

/// <summary>A teacher of the student's shape whose weights follow the student's, for one training.</summary>
internal sealed class FollowingTeacher : IDisposable
{
    private readonly Model _model;

    /// <summary>Begins with the student's weights.</summary>
    /// <param name="student">The student.</param>
    /// <param name="options">How it follows.</param>
    /// <param name="data">What it is asked about.</param>
    public FollowingTeacher(Model student, FollowOptions options, PreparedData data)
    {
        _model = StudentFromTeacher.Make(student, new PartOfTeacher()).On(student.Device);
        Weights = new FollowingWeights(_model, student, options.Share);
        Teacher = data.Teacher(_model);
    }

    /// <summary>What a student learns from.</summary>
    public ITeacher Teacher { get; }

    /// <summary>Its weights.</summary>
    public FollowingWeights Weights { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Teacher.Dispose();
        _model.Dispose();
    }
}
