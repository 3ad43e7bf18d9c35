namespace Decant.Teachers.Answers.Storage;

/// <summary>How numbers are stored.</summary>
internal enum NumberFormat
{
    /// <summary>Two bytes; a number is off by a 2,048th of itself at most, and ±65,504 at most.</summary>
    Float16,

    /// <summary>Four bytes, exact.</summary>
    Float32,
}
