import Core
import Testing
