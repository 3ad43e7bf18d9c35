// Decant.Text is a room of the library; within this namespace the plain name would mean that.
global using StyledText = Spectre.Console.Text;
